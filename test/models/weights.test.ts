import { describe, expect, test } from "vitest";
import { fitBody, fitWith } from "../../core/models/fit-model.ts";
import type { HyperparametersOf } from "../../core/models/hyperparameters.ts";
import { predictBodyOver } from "../../core/models/predict-model.ts";
import { recencyWeights } from "../../core/models/recency-weights.ts";
import type { TrainingSet } from "../../core/models/training-set.ts";
import { friedman1, friedmanClasses } from "./friedman.ts";

const LINEAR = { penalties: [1e-7], winsorQuantile: 0 };
const EXACT = {
  gradient_boosting: { trees: 20, leaves: 6, learningRate: 0.2, minLeafRows: 8, rowShare: 1, featureShare: 1, l2: 1 },
  linear_regression: LINEAR,
  logistic_regression: LINEAR,
} satisfies Partial<HyperparametersOf>;

/** Values on a coarse grid, so that rows that come twice change no bin. */
function coarse(set: TrainingSet): TrainingSet {
  return { ...set, columns: set.columns.map((column) => column.map((value) => Math.round(value * 30) / 30)) };
}

function twice(set: TrainingSet, isTwice: (row: number) => boolean): TrainingSet {
  const rows = Array.from({ length: set.rows }, (_, row) => (isTwice(row) ? [row, row] : [row])).flat();
  const pick = (values: Float64Array) => Float64Array.from(rows, (row) => values[row]);
  return { names: set.names, columns: set.columns.map(pick), rows: rows.length, target: pick(set.target) };
}

describe.each(["gradient_boosting", "linear_regression", "logistic_regression"] as const)("%s", (algorithm) => {
  const set = coarse(algorithm === "logistic_regression" ? friedmanClasses(600, 4) : friedman1(600, 4));
  const isTwice = (row: number) => row % 3 === 0;

  test("takes a row of weight 2 for two rows", () => {
    const weight = Float64Array.from({ length: set.rows }, (_, row) => (isTwice(row) ? 2 : 1));
    const weighted = fitWith({ ...set, weight }, algorithm, EXACT[algorithm], { seed: 1 });
    const repeated = fitWith(twice(set, isTwice), algorithm, EXACT[algorithm], { seed: 1 });
    const expected = predictBodyOver(repeated, set.columns, 0, set.rows);
    const plain = predictBodyOver(fitWith(set, algorithm, EXACT[algorithm], { seed: 1 }), set.columns, 0, set.rows);
    const found = predictBodyOver(weighted, set.columns, 0, set.rows);
    found.forEach((value, row) => {
      expect(value).toBeCloseTo(expected[row], 4);
    });
    expect(Math.max(...found.map((value, row) => Math.abs(value - plain[row])))).toBeGreaterThan(0.001);
  });
});

test("equal weights change nothing, in a forest either", () => {
  const set = friedman1(500, 2);
  const weight = new Float64Array(500).fill(1);
  for (const algorithm of ["gradient_boosting", "random_forest", "linear_regression"] as const) {
    const options = { scope: "coin", seed: 3 } as const;
    expect(fitBody({ ...set, weight }, algorithm, options)).toEqual(fitBody(set, algorithm, options));
  }
});

test.each(["gradient_boosting", "random_forest", "linear_regression"] as const)(
  "%s follows the newer rows where they weigh more",
  (algorithm) => {
    const rows = 2_000;
    const x = Float64Array.from({ length: rows }, (_, row) => ((row * 37) % 101) / 50 - 1);
    const target = x.map((value, row) => (row < 1_500 ? value : -value));
    const set = { names: ["x"], columns: [x], rows, target };
    const time = Float64Array.from({ length: rows }, (_, row) => row * 86_400_000);
    const high = [Float64Array.of(0.9)];
    const predictHigh = (weight?: Float64Array) =>
      predictBodyOver(fitBody({ ...set, weight }, algorithm, { scope: "coin", seed: 1 }), high, 0, 1)[0];
    expect(predictHigh()).toBeGreaterThan(0);
    expect(predictHigh(recencyWeights(time, 100))).toBeLessThan(0);
  },
);

test("recency weights halve with each half-life and are 1 on average", () => {
  const weight = recencyWeights(
    Float64Array.from([0, 10, 10, 20, 40], (day) => day * 86_400_000),
    10,
  );
  expect(weight[1] / weight[0]).toBeCloseTo(2, 12);
  expect(weight[2]).toBe(weight[1]);
  expect(weight[4] / weight[3]).toBeCloseTo(4, 12);
  expect(weight.reduce((a, b) => a + b, 0)).toBeCloseTo(5, 12);
});
