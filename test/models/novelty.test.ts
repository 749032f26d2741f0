import { describe, expect, test } from "vitest";
import { learnNovelty, noveltyOf } from "../../core/models/novelty.ts";
import { friedman1 } from "./friedman.ts";

const { columns, rows } = friedman1(2_000, 3);
const novelty = learnNovelty(columns, rows);
const point = (...values: number[]) => values.map((value) => Float64Array.of(value));

describe("novelty", () => {
  test("calls about one training row in 200 novel, and as few unseen ones of the same kind", () => {
    const share = (set: { columns: readonly Float64Array[]; rows: number }) =>
      Array.from({ length: set.rows }, (_, row) => noveltyOf(novelty, set, row)).filter((distance) => distance > novelty.threshold).length /
      set.rows;
    expect(share({ columns, rows })).toBeLessThanOrEqual(0.005);
    expect(share(friedman1(2_000, 4))).toBeLessThan(0.02);
  });

  test("calls a point outside novel, and one in the middle known", () => {
    expect(noveltyOf(novelty, { columns: point(...new Array<number>(10).fill(3)) }, 0)).toBeGreaterThan(novelty.threshold);
    expect(noveltyOf(novelty, { columns: point(...new Array<number>(10).fill(0.5)) }, 0)).toBeLessThan(novelty.threshold);
  });

  test("counts one wild feature as ten deviations, however wild it is", () => {
    const wild = (value: number) => noveltyOf(novelty, { columns: point(value, ...new Array<number>(9).fill(0.5)) }, 0);
    expect(wild(1e9)).toBe(wild(1e6));
    expect(wild(1e6)).toBeCloseTo(10 / Math.sqrt(10), 1);
  });

  test("leaves missing features out, and is undefined where all are missing", () => {
    expect(noveltyOf(novelty, { columns: point(0.5, ...new Array<number>(9).fill(Number.NaN)) }, 0)).toBeLessThan(novelty.threshold);
    expect(noveltyOf(novelty, { columns: point(...new Array<number>(10).fill(Number.NaN)) }, 0)).toBeNaN();
  });
});
