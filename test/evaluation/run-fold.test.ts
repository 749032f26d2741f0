import { describe, expect, test } from "vitest";
import type { Pool } from "../../core/evaluation/pool.ts";
import { runFold, trainingSet } from "../../core/evaluation/run-fold.ts";
import { TARGET_CLIP } from "../../core/models/hyperparameters.ts";
import { binColumns } from "../../core/models/trees/binning.ts";
import { createRandom } from "../../core/random.ts";

const DAY = 86_400_000;
const n = 900;

/** One coin that rises by a tenth of its volatility a day, and more after its only feature was high. */
function risingPool(): Pool {
  const random = createRandom(5);
  const x = Float64Array.from({ length: n }, () => random.normal());
  return {
    symbols: ["UP"],
    interval: "1d",
    horizon: 1,
    featureSet: { name: "one", digest: "none" },
    names: ["x"],
    columns: [x],
    symbolIndex: new Int32Array(n),
    openTime: Float64Array.from({ length: n }, (_, row) => row * DAY),
    actual: x.map((value) => 0.03 * (0.1 + 0.5 * value + random.normal())),
    scale: new Float64Array(n).fill(0.03),
  };
}

describe("a training set", () => {
  const pool = risingPool();

  test("of a regressor holds clipped returns in units of volatility, about their mean", () => {
    const { target, rows } = trainingSet(pool, 600, "random_forest", { scope: "pooled" });
    expect(rows).toBe(600);
    expect(target.reduce((a, b) => a + b, 0) / rows).toBeCloseTo(0, 12);
    expect(Math.max(...target) - Math.min(...target)).toBeCloseTo(2 * TARGET_CLIP, 12);
    expect(target[0] - target[1]).toBeCloseTo((pool.actual[0] - pool.actual[1]) / 0.03, 12);
  });

  test("of a classifier holds which returns were positive", () => {
    const { target } = trainingSet(pool, 600, "random_forest_classifier", { scope: "pooled" });
    target.forEach((value, row) => {
      expect(value).toBe(pool.actual[row] > 0 ? 1 : 0);
    });
  });

  test("of a learner with a half-life weighs the newest row most, and knows nothing after it", () => {
    const { weight } = trainingSet(pool, 600, "logistic_regression", { scope: "pooled" });
    expect(weight?.length).toBe(600);
    for (let row = 1; row < 600; row++) expect(weight?.[row]).toBeGreaterThan(weight?.[row - 1] ?? 0);
    expect(trainingSet(pool, 600, "random_forest", { scope: "pooled" }).weight).toBeUndefined();
  });
});

test("the drift of the past is forecast by no regressor, what depends on features is", () => {
  const pool = risingPool();
  for (const algorithm of ["gradient_boosting", "random_forest", "linear_regression"] as const) {
    const { prediction, rows } = runFold(pool, { index: 0, trainTo: 700, testFrom: 702, testTo: n }, algorithm, { scope: "coin", seed: 1 });
    const mean = prediction.reduce((a, b) => a + b, 0) / rows.length;
    expect(Math.abs(mean)).toBeLessThan(0.0015);
    const product = rows.reduce((sum, row, i) => sum + prediction[i] * pool.columns[0][row], 0);
    expect(product).toBeGreaterThan(0);
  }
});

test("a fold with shared bins predicts the same", () => {
  const pool = risingPool();
  const fold = { index: 0, trainTo: 700, testFrom: 702, testTo: n };
  const matrix = binColumns(pool.columns, fold.trainTo);
  for (const algorithm of ["gradient_boosting", "random_forest_classifier"] as const) {
    const options = { scope: "coin", seed: 1 } as const;
    expect(runFold(pool, fold, algorithm, { ...options, binned: matrix })).toEqual(runFold(pool, fold, algorithm, options));
  }
});
