import { describe, expect, test } from "vitest";
import { candleFeatureSet } from "../../core/features/feature-set.ts";
import type { Model } from "../../core/models/model.ts";
import { fitSurrogate, followSurrogate } from "../../core/models/surrogate-tree.ts";
import { createRandom } from "../../core/random.ts";
import { type ExplainInput, explain } from "../../core/reports/explain.ts";
import { wordsFor } from "../../core/reports/feature-words.ts";

const NAMES = ["rsi_14", "volatility_ratio_10_60", "log_return_1"];

/** RSI in whole numbers, two other columns of noise; `newest` is the last row. */
function makeColumns(rows: number, newest: readonly number[], seed = 1): Float64Array[] {
  const random = createRandom(seed);
  const columns = NAMES.map((_, f) => Float64Array.from({ length: rows }, () => (f === 0 ? random.int(100) : random.normal())));
  columns.forEach((column, f) => {
    column[rows - 1] = newest[f];
  });
  return columns;
}

const scale = { lower: new Float64Array(3), upper: new Float64Array(3), mean: new Float64Array(3), inverseDeviation: new Float64Array(3) };
const head = {
  scope: "coin",
  horizon: 1,
  featureSet: { name: "x", digest: "x" },
  features: NAMES,
  rows: 500,
  novelty: { scale, threshold: 1 },
} as const;

/** Up by `low` where RSI is at most 31, else down by 1; and where it is above 70, down by 2. */
const treeModel: Model = {
  ...head,
  algorithm: "random_forest",
  body: {
    kind: "trees",
    base: 0,
    factor: 1,
    trees: {
      roots: Int32Array.of(0),
      feature: Int32Array.of(0, 0, 0, 0, 0),
      threshold: Float64Array.of(31, 0, 70, 0, 0),
      left: Int32Array.of(1, -1, 3, -1, -1),
      missingLeft: new Uint8Array(5),
      value: Float64Array.of(0, 1, 0, -1, -2),
    },
  },
};

/** A smooth function of all features that three levels can't follow. */
const wigglyModel: Model = {
  ...treeModel,
  body: {
    kind: "trees",
    base: 0,
    factor: 1,
    trees: stairs((x) => Math.sin(x)),
  },
};

/** A tree with a leaf for every whole number from 0 to 99. */
function stairs(height: (x: number) => number) {
  const feature: number[] = [];
  const threshold: number[] = [];
  const left: number[] = [];
  const value: number[] = [];
  for (let x = 0; x < 100; x++) {
    const node = 2 * x;
    feature.push(0, 0);
    threshold.push(x, 0);
    left.push(node + 1, -1);
    value.push(0, height(x));
  }
  // Node 2x's right child is node 2x + 2: children stand side by side.
  feature.push(0);
  threshold.push(0);
  left.push(-1);
  value.push(0);
  return {
    roots: Int32Array.of(0),
    feature: Int32Array.from(feature),
    threshold: Float64Array.from(threshold),
    left: Int32Array.from(left),
    missingLeft: new Uint8Array(feature.length),
    value: Float64Array.from(value),
  };
}

const explained = (members: readonly Model[], columns: Float64Array[], change: Partial<ExplainInput> = {}) =>
  explain({ model: "random_forest", task: "regression", members, rows: { names: NAMES, columns }, interval: "1d", ...change });

describe("a surrogate tree", () => {
  test("takes the split that leaves no error, which ml-cart refuses, and splits no further", () => {
    const x = Float64Array.from({ length: 100 }, (_, i) => i);
    const { root } = fitSurrogate(
      [x],
      x.map((value) => (value < 40 ? 2 : 5)),
    );
    expect(root.split).toMatchObject({
      feature: 0,
      threshold: 39.5,
      below: { value: 2, rows: 40, split: null },
      above: { value: 5, rows: 60, split: null },
    });
  });

  test("reports no split that explains next to nothing, nor one that separates a few odd rows", () => {
    const x = Float64Array.from({ length: 100 }, (_, i) => i);
    const faint = x.map((value) => (value < 40 ? 2 : 5) + (value % 2) * 0.01);
    const odd = x.map((value) => (value < 2 ? 50 : 5));
    const parity = x.map((value) => value % 2);
    const { root } = fitSurrogate([x, parity], faint);
    expect(root.split).toMatchObject({ feature: 0, below: { split: null }, above: { split: null } });
    expect(fitSurrogate([x, parity], odd).root.split).toBeNull();
  });

  test("sends a missing value where the median of the rows goes", () => {
    const x = Float64Array.from({ length: 101 }, (_, i) => (i === 60 ? Number.NaN : i));
    const tree = fitSurrogate(
      [x],
      x.map((_, i) => Number(i >= 30)),
    );
    expect(tree.medians[0]).toBe(49.5);
    expect(followSurrogate(tree, [Float64Array.of(Number.NaN)], 0)).toMatchObject({
      value: 1,
      steps: [{ feature: 0, below: false, missing: true }],
    });
  });

  test("is one leaf where nothing varies, or nothing is known", () => {
    const x = Float64Array.from({ length: 20 }, (_, i) => i);
    expect(fitSurrogate([x], new Float64Array(20).fill(3)).root).toEqual({ value: 3, rows: 20, split: null });
    expect(fitSurrogate([new Float64Array(20).fill(Number.NaN)], x).root.split).toBeNull();
  });

  test("refuses more than 500 rows, and predictions that are not finite", () => {
    expect(() => fitSurrogate([new Float64Array(501)], new Float64Array(501))).toThrow("500 rows, not 501");
    expect(() => fitSurrogate([new Float64Array(3)], Float64Array.of(1, Number.NaN, 1))).toThrow("finite");
  });
});

describe("an explanation", () => {
  test("of a tree-shaped model has fidelity 1 and names the true split", () => {
    const { fidelity, withheld, sentence, rows, heldOut } = explained([treeModel], makeColumns(600, [20, 0, 0]));
    expect({ withheld, rows, heldOut }).toEqual({ withheld: null, rows: 375, heldOut: 125 });
    expect(fidelity).toBeCloseTo(1, 12);
    expect(sentence).toBe("Random forest predicts a rise because RSI 14 is below 32.");
  });

  test("joins two bounds of one feature", () => {
    expect(explained([treeModel], makeColumns(600, [50, 0, 0])).sentence).toBe(
      "Random forest predicts a fall because RSI 14 is between 32 and 71.",
    );
  });

  test("names a feature that was unknown, and how it was filled", () => {
    expect(explained([treeModel], makeColumns(600, [Number.NaN, 0, 0])).sentence).toMatch(/\(unknown, taken as the median: RSI 14\)\.$/);
  });

  test("is withheld where the tree doesn't follow the model, with the fidelity", () => {
    const { fidelity, withheld, sentence } = explained([wigglyModel], makeColumns(600, [20, 0, 0]));
    expect(withheld).toBe("low_fidelity");
    expect(fidelity).toBeLessThan(0.5);
    expect(sentence).toMatch(/don't fit in a few words: a three-step tree explains \d+ % /);
    expect(sentence).not.toContain("because");
  });

  test("is withheld where there are too few candles, and where the model always predicts the same", () => {
    expect(explained([treeModel], makeColumns(200, [20, 0, 0]))).toMatchObject({ withheld: "too_few_rows", fidelity: null });
    const steady = { ...treeModel, body: { ...treeModel.body, factor: 0 } } as Model;
    expect(explained([steady], makeColumns(600, [20, 0, 0]))).toMatchObject({ withheld: "steady_prediction", fidelity: null });
  });

  test("measures fidelity on rows after those that the tree was fitted to", () => {
    const columns = makeColumns(600, [20, 0, 0]);
    // From row 475 on, the model is asked about RSI that the fitted rows never had.
    for (let row = 475; row < 600; row++) columns[0][row] = 1_000 + row;
    expect(explained([treeModel], columns)).toMatchObject({ withheld: "steady_prediction", fidelity: null });
  });

  test("of an ensemble is about its members' mean", () => {
    const opposite = { ...treeModel, body: { ...treeModel.body, factor: -3 } } as Model;
    expect(explained([treeModel, opposite], makeColumns(600, [20, 0, 0]), { model: "ensemble" }).sentence).toBe(
      "Ensemble predicts a fall because RSI 14 is below 32.",
    );
  });

  test("are withheld where the tree, though it fits well, predicts the opposite for the newest candle", () => {
    const flat = {
      feature: Int32Array.of(0, 0, 0, 0, 0, 0, 0),
      threshold: Float64Array.of(31, 19, 0, 0, 20, 0, 0),
      left: Int32Array.of(1, 3, -1, -1, 5, -1, -1),
      missingLeft: new Uint8Array(7),
      value: Float64Array.of(0, 0, -1, 1, 0, -0.2, 1),
    };
    const odd: Model = { ...treeModel, body: { kind: "trees", base: 0, factor: 1, trees: { roots: Int32Array.of(0), ...flat } } };
    const plain = explained([odd], makeColumns(600, [25, 0, 0]));
    expect(plain).toMatchObject({ withheld: null, sentence: expect.stringContaining("predicts a rise because RSI 14 is below") });
    const contradicted = explained([odd], makeColumns(600, [20, 0, 0]));
    expect(contradicted).toMatchObject({
      withheld: "low_fidelity",
      sentence: expect.stringContaining("says the opposite of the newest candle"),
    });
    expect(contradicted.fidelity).toBeGreaterThan(0.5);
  });

  test("of a classifier calls a probability above one half a rise", () => {
    const probability = { ...treeModel, body: { ...treeModel.body, base: 0.5, factor: 0.1 } } as Model;
    const { sentence } = explained([probability], makeColumns(600, [20, 0, 0]), {
      model: "random_forest_classifier",
      task: "classification",
    });
    expect(sentence).toBe("Random forest classifier predicts a rise because RSI 14 is below 32.");
  });
});

test("every feature has words of its own", () => {
  const labels = candleFeatureSet.features.map(({ name }) => {
    const { label, show } = wordsFor(name, "1h");
    expect(label, name).not.toBe(name);
    expect(show(-0.5), name).not.toMatch(/NaN|undefined|-/);
    return label;
  });
  expect(new Set(labels).size).toBe(labels.length);
  expect(wordsFor("unheard_of", "1d")).toMatchObject({ label: "unheard_of" });
});
