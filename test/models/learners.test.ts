import { describe, expect, test } from "vitest";
import { areaUnderCurve } from "../../core/evaluation/metrics/classification-metrics.ts";
import { decodeModel, encodeModel } from "../../core/models/file/model-file.ts";
import { fitBody } from "../../core/models/fit-model.ts";
import type { Model } from "../../core/models/model.ts";
import { learnNovelty } from "../../core/models/novelty.ts";
import { predictBody, predictModel } from "../../core/models/predict-model.ts";
import type { TrainingSet } from "../../core/models/training-set.ts";
import { ALGORITHMS, type AlgorithmName } from "../../core/vocabulary/model-names.ts";
import { friedman1, friedmanClasses } from "./friedman.ts";

const CLASSIFY: Partial<Record<AlgorithmName, true>> = { logistic_regression: true, random_forest_classifier: true };
const options = { scope: "coin", seed: 7 } as const;

function data(algorithm: AlgorithmName, rows: number, seed: number): TrainingSet {
  return CLASSIFY[algorithm] ? friedmanClasses(rows, seed) : friedman1(rows, seed);
}

function model(algorithm: AlgorithmName, set: TrainingSet): Model {
  return {
    algorithm,
    scope: "coin",
    horizon: 1,
    featureSet: { name: "friedman", digest: "none" },
    features: set.names,
    rows: set.rows,
    novelty: learnNovelty(set.columns, set.rows),
    body: fitBody(set, algorithm, options),
  };
}

function predictAll(body: Model["body"], set: TrainingSet): Float64Array {
  return Float64Array.from({ length: set.rows }, (_, row) => predictBody(body, set.columns, row));
}

describe.each(ALGORITHMS)("%s", (algorithm) => {
  const train = data(algorithm, 2_000, 1);
  const fitted = model(algorithm, train);

  test("predicts unseen rows far better than the mean", () => {
    const unseen = data(algorithm, 2_000, 2);
    const predicted = predictAll(fitted.body, unseen);
    if (CLASSIFY[algorithm]) {
      expect(areaUnderCurve(predicted, unseen.target)).toBeGreaterThan(0.85);
      expect(predicted.every((p) => p >= 0 && p <= 1)).toBe(true);
    } else {
      const mean = unseen.target.reduce((a, b) => a + b, 0) / unseen.rows;
      const error = unseen.target.reduce((sum, y, i) => sum + (y - predicted[i]) ** 2, 0);
      const baseline = unseen.target.reduce((sum, y) => sum + (y - mean) ** 2, 0);
      expect(1 - error / baseline).toBeGreaterThan(0.5);
    }
  });

  test("gives the same bytes for the same data and seed", () => {
    expect(Buffer.from(encodeModel(model(algorithm, data(algorithm, 2_000, 1)))).equals(Buffer.from(encodeModel(fitted)))).toBe(true);
  });

  test("predicts the same after it was stored and read back", () => {
    const read = decodeModel(encodeModel(fitted));
    expect(read).toEqual(fitted);
    expect(predictModel(read, train, 5)).toBe(predictModel(fitted, train, 5));
  });

  test("learns from rows before `rows` only", () => {
    const target = train.target.slice();
    const columns = train.columns.map((column) => column.slice());
    for (let row = 1_500; row < 2_000; row++) {
      target[row] = CLASSIFY[algorithm] ? 1 - target[row] : 1e6;
      for (const column of columns) column[row] = -1e6;
    }
    const changed = fitBody({ ...train, columns, target, rows: 1_500 }, algorithm, options);
    expect(changed).toEqual(fitBody({ ...train, rows: 1_500 }, algorithm, options));
  });

  test("takes missing values, and predicts a number where all are missing", () => {
    const columns = train.columns.map((column, f) => column.map((value, row) => ((row * 7 + f) % 5 === 0 ? Number.NaN : value)));
    const body = fitBody({ ...train, columns }, algorithm, options);
    const nothing = train.columns.map(() => Float64Array.of(Number.NaN));
    expect(Number.isFinite(predictBody(body, nothing, 0))).toBe(true);
  });

  test("a feature that never varies changes no prediction of the others' by much", () => {
    const columns = [...train.columns, new Float64Array(train.rows).fill(3)];
    const body = fitBody({ ...train, names: [...train.names, "flat"], columns }, algorithm, options);
    const predicted = Float64Array.from({ length: 50 }, (_, row) => predictBody(body, columns, row));
    expect(predicted.every(Number.isFinite)).toBe(true);
  });
});
