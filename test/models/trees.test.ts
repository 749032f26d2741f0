import { DecisionTreeRegression } from "ml-cart";
import { describe, expect, test } from "vitest";
import type { TrainingSet } from "../../core/models/training-set.ts";
import { binColumns, MISSING_BIN } from "../../core/models/trees/binning.ts";
import { sumTrees, TreeBuilder } from "../../core/models/trees/flat-trees.ts";
import { TreeGrower } from "../../core/models/trees/grow-tree.ts";
import { createRandom } from "../../core/random.ts";
import { friedman1 } from "./friedman.ts";

function growOne({ columns, rows, target }: TrainingSet, { maxLeaves = 64, maxDepth = 3, minLeafWeight = 1 }) {
  const builder = new TreeBuilder();
  const all = Int32Array.from(columns, (_, f) => f);
  new TreeGrower(binColumns(columns, rows, 255)).grow(
    builder,
    { order: Int32Array.from({ length: rows }, (_, i) => i), target, weight: new Float64Array(rows).fill(1) },
    {
      maxLeaves,
      maxDepth,
      minLeafWeight,
      l2: 0,
      shrinkage: 1,
      chooseFeatures: () => all,
    },
  );
  return builder.finish();
}

describe("binning", () => {
  test("keeps the order of values, and gives missing ones a bin of their own", () => {
    const random = createRandom(3);
    const column = Float64Array.from({ length: 5_000 }, (_, i) => (i % 11 === 0 ? Number.NaN : random.normal()));
    const { bins, thresholds } = binColumns([column], 5_000);
    for (let row = 0; row < 5_000; row++) {
      const bin = bins[0][row];
      if (Number.isNaN(column[row])) expect(bin).toBe(MISSING_BIN);
      else {
        expect(bin).toBeLessThan(MISSING_BIN);
        if (bin < thresholds[0].length) expect(column[row]).toBeLessThanOrEqual(thresholds[0][bin]);
        if (bin > 0) expect(column[row]).toBeGreaterThan(thresholds[0][bin - 1]);
      }
    }
  });

  test("gives few distinct values a bin each", () => {
    const { bins } = binColumns([Float64Array.of(3, 1, 2, 3, 1)], 5);
    expect([...bins[0]]).toEqual([2, 0, 1, 2, 0]);
  });
});

test("few rows get few bins of equal size, many rows 255", () => {
  const random = createRandom(8);
  const column = Float64Array.from({ length: 9_000 }, () => random.normal());
  for (const [rows, most] of [
    [100, 32],
    [2_000, 63],
    [9_000, 255],
  ]) {
    const { bins, thresholds } = binColumns([column], rows);
    expect(thresholds[0]).toHaveLength(most - 1);
    const counts = new Map<number, number>();
    for (const bin of bins[0].subarray(0, rows)) counts.set(bin, (counts.get(bin) ?? 0) + 1);
    expect(Math.max(...counts.values()) - Math.min(...counts.values())).toBeLessThanOrEqual(1);
  }
});

describe("a grown tree", () => {
  test("of depth 3 predicts what ml-cart's does, on continuous data with fewer rows than bins", () => {
    const set = friedman1(200, 5);
    const trees = growOne(set, {});
    const oracle = new DecisionTreeRegression({ gainFunction: "regression", maxDepth: 3, minNumSamples: 1 });
    const x = Array.from({ length: set.rows }, (_, row) => set.columns.map((column) => column[row]));
    oracle.train(x, [...set.target]);
    const expected = oracle.predict(x);
    for (let row = 0; row < set.rows; row++) expect(sumTrees(trees, set.columns, row)).toBeCloseTo(expected[row], 9);
  });

  test("keeps every leaf at its least weight and the number of leaves at its limit", () => {
    const set = friedman1(1_000, 6);
    const trees = growOne(set, { maxLeaves: 8, maxDepth: 8, minLeafWeight: 60 });
    const leaves = new Map<number, number>();
    for (let row = 0; row < set.rows; row++) {
      const value = sumTrees(trees, set.columns, row);
      leaves.set(value, (leaves.get(value) ?? 0) + 1);
    }
    expect(leaves.size).toBe(8);
    expect(Math.min(...leaves.values())).toBeGreaterThanOrEqual(60);
  });

  test("sends missing values where they belong, when missing means something", () => {
    const rows = 400;
    const column = Float64Array.from({ length: rows }, (_, i) => (i % 2 === 0 ? Number.NaN : i / rows));
    const target = Float64Array.from(column, (value) => (Number.isNaN(value) ? 5 : -5));
    const trees = growOne({ names: ["x"], columns: [column], rows, target }, { maxDepth: 1 });
    expect(sumTrees(trees, [Float64Array.of(Number.NaN)], 0)).toBe(5);
    expect(sumTrees(trees, [Float64Array.of(0.3)], 0)).toBe(-5);
  });
});
