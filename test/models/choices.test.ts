import { describe, expect, test } from "vitest";
import { learnTrust, planCalibration } from "../../core/models/calibration.ts";
import { choosePenalty, planInnerFolds } from "../../core/models/choose-penalty.ts";
import { fitBody, fitWith } from "../../core/models/fit-model.ts";
import { HYPERPARAMETERS } from "../../core/models/hyperparameters.ts";
import type { LinearBody } from "../../core/models/linear/linear-body.ts";
import { fitLogistic } from "../../core/models/linear/logistic-regression.ts";
import { predictBody, predictBodyOver } from "../../core/models/predict-model.ts";
import type { TrainingSet } from "../../core/models/training-set.ts";
import { binColumns } from "../../core/models/trees/binning.ts";
import { fitGradientBoosting } from "../../core/models/trees/gradient-boosting.ts";
import { createRandom } from "../../core/random.ts";
import { CandlecastError } from "../../core/vocabulary/errors.ts";
import { friedman1, friedmanClasses } from "./friedman.ts";

const random = createRandom(21);
const noise: TrainingSet = {
  names: Array.from({ length: 20 }, (_, i) => `x${i}`),
  columns: Array.from({ length: 20 }, () => Float64Array.from({ length: 1_500 }, () => random.normal())),
  rows: 1_500,
  target: Float64Array.from({ length: 1_500 }, () => random.normal()),
};
const coinFlips = { ...noise, target: noise.target.map((value) => Number(value > 0)) };

describe("inner walk-forward", () => {
  test.each([40, 1_000, 17_716])("of %i rows learns before it judges, with a gap, up to the last row", (rows) => {
    for (const { trainTo, testFrom, testTo } of [...planInnerFolds(rows), planCalibration(rows)]) {
      expect(trainTo).toBeGreaterThan(0);
      expect(testFrom - trainTo).toBeGreaterThanOrEqual(rows * 0.01);
      expect(testTo).toBeGreaterThan(testFrom);
      expect(testTo).toBeLessThanOrEqual(rows);
    }
    expect(planInnerFolds(rows).at(-1)?.testTo).toBe(rows);
  });

  test("takes the penalty with the least loss over all folds, of equals the larger", () => {
    const folds = planInnerFolds(100);
    const losses = [
      [3, 1, 2],
      [1, 2, 1],
      [1, 2, 2],
    ];
    expect(choosePenalty([0.1, 1, 10], folds, (fold) => losses[folds.indexOf(fold)])).toBe(10);
    expect(choosePenalty([0.1, 1, 10], folds, () => [1, 2, 3])).toBe(0.1);
  });

  test.each(["linear_regression", "logistic_regression"] as const)(
    "gives %s a large penalty on noise, a small one on signal",
    (algorithm) => {
      const signal = algorithm === "linear_regression" ? friedman1(1_500, 1) : friedmanClasses(1_500, 1);
      const none = algorithm === "linear_regression" ? noise : coinFlips;
      const { penalties } = HYPERPARAMETERS[algorithm].coin;
      const chosen = (set: TrainingSet) => (fitBody(set, algorithm, { scope: "coin", seed: 1 }) as LinearBody).penalty;
      expect(chosen(none)).toBeGreaterThanOrEqual(1);
      expect(chosen(signal)).toBe(penalties[0]);
    },
  );
});

test("a logistic regression that can't converge says so", () => {
  const x = Float64Array.from({ length: 100 }, (_, row) => row - 49.5);
  const separated = { names: ["x"], columns: [x], rows: 100, target: x.map((value) => Number(value > 0)) };
  expect(() => fitLogistic(separated, { penalties: [0], winsorQuantile: 0 })).toThrow(CandlecastError);
  expect(() => fitLogistic(separated, { penalties: [0], winsorQuantile: 0 })).toThrow(/did not converge in 20 steps/);
  expect(fitLogistic(separated, { penalties: [0.01], winsorQuantile: 0 }).weights[0]).toBeGreaterThan(0);
});

describe("early stopping", () => {
  const settings = { trees: 150, leaves: 6, learningRate: 0.1, minLeafRows: 20, rowShare: 0.7, featureShare: 1, l2: 1 };
  const tail = { share: 0.2, patience: 20 };
  const trees = (set: TrainingSet, more = {}) => fitGradientBoosting(set, { ...settings, ...more }, createRandom(1)).trees.roots.length;

  test("leaves few trees on noise, and all that are allowed while they help", () => {
    expect(trees(noise, { tail })).toBeLessThan(20);
    expect(trees(friedman1(1_500, 3), { tail, trees: 40 })).toBe(40);
    expect(trees(noise)).toBe(150);
  });

  test("looks at the newest rows only: trees that stop to help there are left out", () => {
    const set = friedman1(1_500, 3);
    const lately = { ...set, target: set.target.map((value, row) => (row < 1_200 ? value : -value)) };
    expect(trees(lately, { tail })).toBeLessThan(5);
  });
});

describe("calibration", () => {
  test("trusts forecasts half of the way to their own slope, within 0 and 1", () => {
    const outcome = Float64Array.of(1, 1, 1, 0, 1, 0, 0, 0);
    const forecast = (deviation: number) => outcome.map((_, i) => 0.5 + (i < 4 ? deviation : -deviation));
    expect(learnTrust(forecast(0.25), outcome, 0.5)).toBeCloseTo(1, 12);
    expect(learnTrust(forecast(0.5), outcome, 0.5)).toBeCloseTo(0.75, 12);
    expect(learnTrust(forecast(0.1), outcome, 0.5)).toBe(1);
    expect(learnTrust(forecast(-0.25), outcome, 0.5)).toBe(0);
    expect(learnTrust(forecast(0), outcome, 0.5)).toBe(1);
  });

  test("draws a forest's probabilities towards the share of ones on coin flips, not where there is signal", () => {
    const settings = { trees: 60, maxDepth: 8, minLeafRows: 5, featureShare: 0.5 };
    const spread = (set: TrainingSet, more: { readonly calibrationTrees?: number }) => {
      const body = fitWith(set, "random_forest_classifier", { ...settings, ...more }, { seed: 2 });
      const up = set.target.reduce((a, b) => a + b, 0) / set.rows;
      const all = predictBodyOver(body, set.columns, 0, set.rows);
      expect(all.every((p) => p > 0 && p < 1)).toBe(true);
      return all.reduce((sum, p) => sum + (p - up) ** 2, 0);
    };
    expect(spread(coinFlips, { calibrationTrees: 60 }) / spread(coinFlips, {})).toBeLessThan(0.6);
    const signal = friedmanClasses(1_500, 2);
    expect(spread(signal, { calibrationTrees: 60 }) / spread(signal, {})).toBeGreaterThan(0.95);
  });
});

test("shared bins give the same model", () => {
  for (const algorithm of ["gradient_boosting", "random_forest", "random_forest_classifier"] as const) {
    const set = algorithm === "random_forest_classifier" ? friedmanClasses(700, 8) : friedman1(700, 8);
    const options = { scope: "coin", seed: 5 } as const;
    const binned = binColumns(set.columns, set.rows);
    expect(fitBody(set, algorithm, { ...options, binned })).toEqual(fitBody(set, algorithm, options));
  }
});

test.each(["gradient_boosting", "random_forest_classifier", "linear_regression", "logistic_regression"] as const)(
  "%s predicts many rows as it does each",
  (algorithm) => {
    const set = algorithm.endsWith("classifier") || algorithm.startsWith("logistic") ? friedmanClasses(300, 6) : friedman1(300, 6);
    const body = fitBody(set, algorithm, { scope: "coin", seed: 1 });
    const together = predictBodyOver(body, set.columns, 20, 300);
    expect(together.length).toBe(280);
    for (let row = 20; row < 300; row++) expect(together[row - 20]).toBe(predictBody(body, set.columns, row));
  },
);
