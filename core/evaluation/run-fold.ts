import { fitBody } from "../models/fit-model.ts";
import { HYPERPARAMETERS, type HyperparametersOf, type RecencyParameters, TARGET_CLIP } from "../models/hyperparameters.ts";
import type { Model } from "../models/model.ts";
import { learnNovelty } from "../models/novelty.ts";
import { predictBodyOver } from "../models/predict-model.ts";
import { recencyWeights } from "../models/recency-weights.ts";
import type { TrainingSet } from "../models/training-set.ts";
import type { BinnedMatrix } from "../models/trees/binning.ts";
import { forecastOf } from "../serving/forecast.ts";
import { type AlgorithmName, isClassifier, type Scope, taskOf } from "../vocabulary/model-names.ts";
import type { Pool } from "./pool.ts";
import type { FoldPlan } from "./walk-forward.ts";

/** Out-of-sample predictions of one fold: rows of the pool, and for each row a forward log return or a probability of up. */
export interface FoldPredictions {
  readonly rows: Int32Array;
  readonly prediction: Float64Array;
}

export interface FitOptions {
  readonly scope: Scope;
  readonly seed: number;
  /** instead of those of the scope */
  readonly settings?: HyperparametersOf;
  /** the training rows in bins, if they are already made */
  readonly binned?: BinnedMatrix;
}

/** Fits a model to a fold's training rows. */
export function fitFold(pool: Pool, { trainTo }: FoldPlan, algorithm: AlgorithmName, options: FitOptions): Model["body"] {
  return fitBody(trainingSet(pool, trainTo, algorithm, options), algorithm, options);
}

/** Fits a model to a fold's training rows and predicts its test rows. */
export function runFold(pool: Pool, fold: FoldPlan, algorithm: AlgorithmName, options: FitOptions): FoldPredictions {
  return predictFold(pool, fold, algorithm, fitFold(pool, fold, algorithm, options));
}

/** Predicts a fold's test rows by the model of its training rows. */
export function predictFold(pool: Pool, { testFrom, testTo }: FoldPlan, algorithm: AlgorithmName, body: Model["body"]): FoldPredictions {
  const rows = Int32Array.from({ length: testTo - testFrom }, (_, i) => testFrom + i);
  const outputs = predictBodyOver(body, pool.columns, testFrom, testTo);
  const task = taskOf(algorithm);
  return { rows, prediction: outputs.map((output, i) => forecastOf(task, output, pool.scale[testFrom + i])) };
}

/** Fits a model to all rows. */
export function fitFinalModel(pool: Pool, algorithm: AlgorithmName, options: FitOptions): Model {
  const rows = pool.openTime.length;
  return {
    algorithm,
    scope: options.scope,
    horizon: pool.horizon,
    featureSet: pool.featureSet,
    features: pool.names,
    rows,
    novelty: learnNovelty(pool.columns, rows),
    body: fitBody(trainingSet(pool, rows, algorithm, options), algorithm, options),
  };
}

/**
 * The rows and targets that an algorithm learns from. Regressors learn the return in units of its expected size, clipped, as
 * a deviation from its mean, since the drift of the past doesn't predict that of the future. Classifiers learn its sign.
 */
export function trainingSet(
  pool: Pool,
  rows: number,
  algorithm: AlgorithmName,
  { scope, settings }: Pick<FitOptions, "scope" | "settings">,
): TrainingSet {
  const { names, columns, actual, scale, openTime } = pool;
  const { halfLifeDays }: RecencyParameters = settings?.[algorithm] ?? HYPERPARAMETERS[algorithm][scope];
  const weight = halfLifeDays === undefined ? undefined : recencyWeights(openTime.subarray(0, rows), halfLifeDays);
  if (isClassifier(algorithm)) {
    return { names, columns, rows, target: Float64Array.from({ length: rows }, (_, row) => Number(actual[row] > 0)), weight };
  }
  const target = new Float64Array(rows);
  let mean = 0;
  for (let row = 0; row < rows; row++) {
    target[row] = Math.max(-TARGET_CLIP, Math.min(TARGET_CLIP, actual[row] / scale[row]));
    mean += target[row] / rows;
  }
  return { names, columns, rows, target: target.map((value) => value - mean), weight };
}
