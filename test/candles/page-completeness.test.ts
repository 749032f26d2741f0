import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkCompleteness, type PageFacts } from "../../core/candles/page-completeness.ts";
import { DAY, START } from "./series.ts";

const day = (n: number) => START + n * DAY;
const page = (days: readonly number[], more: Partial<PageFacts> = {}) =>
  checkCompleteness({
    covered: { from: day(0), to: day(10) },
    openTimes: days.map(day),
    listedFrom: day(-100),
    interval: "1d",
    asOf: day(100),
    ...more,
  });
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

describe("a page", () => {
  test("is complete where every candle is there", () => {
    expect(page(upTo(10))).toEqual({ complete: true });
  });

  test("has a gap where candles lack in its middle", () => {
    expect(page([0, 1, 2, 5, 6, 7, 9])).toMatchObject({
      complete: false,
      kind: "gap",
      missing: 3,
      firstMissing: day(3),
      gaps: expect.any(Array),
    });
  });

  test("that lost candles and ends early tells what is behind its last one", () => {
    expect(page([0, 1, 4, 5])).toMatchObject({ kind: "gap", missing: 2, behind: { from: day(6), to: day(10) } });
    expect(page([0, 1, 2, 5, 6, 7, 8, 9])).toMatchObject({ kind: "gap", behind: null });
  });

  test("has a gap where its first candles lack", () => {
    expect(page([2, 3, 4, 5, 6, 7, 8, 9])).toMatchObject({
      complete: false,
      kind: "gap",
      missing: 2,
      firstMissing: day(0),
      gaps: [{ from: day(0), to: day(2), missing: 2 }],
    });
  });

  test("has a tail where only its newest candles lack", () => {
    expect(page(upTo(8))).toMatchObject({ complete: false, kind: "tail", missing: 2, firstMissing: day(8), gaps: [] });
  });

  test("has a tail where it is empty", () => {
    expect(page([])).toMatchObject({ complete: false, kind: "tail", missing: 10, firstMissing: day(0), gaps: [] });
  });

  test("owes nothing before the listing", () => {
    expect(page([4, 5, 6, 7, 8, 9], { listedFrom: day(4) })).toEqual({ complete: true });
  });

  test("owes nothing where no listing is known", () => {
    expect(page([], { listedFrom: null })).toEqual({ complete: true });
  });

  test("owes no candle that has not closed", () => {
    expect(page(upTo(6), { asOf: day(6) + DAY / 2 })).toEqual({ complete: true });
    expect(page(upTo(6), { asOf: day(7) })).toMatchObject({ complete: false, kind: "tail", missing: 1 });
  });

  test("is not made complete by candles outside what it covers", () => {
    expect(page([-1, ...upTo(9), 10])).toMatchObject({ complete: false, kind: "tail", missing: 1, firstMissing: day(9), gaps: [] });
  });
});

test("a page is complete exactly when none of its days lacks, and says how many do", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 9 })), (days) => {
      const verdict = page(days.sort((a, b) => a - b));
      if (verdict.complete) expect(days).toHaveLength(10);
      else {
        const first = upTo(10).find((n) => !days.includes(n)) ?? -1;
        expect(verdict.firstMissing).toBe(day(first));
        expect(verdict.kind).toBe(days.some((n) => n > first) ? "gap" : "tail");
        if (verdict.kind === "tail") expect(verdict.missing).toBe(10 - days.length);
        expect(verdict.missing).toBeLessThanOrEqual(10 - days.length);
      }
    }),
  );
});
