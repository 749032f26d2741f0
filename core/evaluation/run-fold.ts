import { type AlgorithmName, CLASSIFIERS, type Scope } from "../manifests/manifest.ts";
import type { BinnedMatrix } from "../models/binning.ts";
import { fitBody } from "../models/fit-model.ts";
import type { Model } from "../models/model.ts";
import { learnNovelty } from "../models/novelty.ts";
import { predictBody } from "../models/predict-model.ts";
import { type SettingsOf, TARGET_CLIP } from "../models/settings.ts";
import type { TrainingSet } from "../models/training-set.ts";
import type { Pool } from "./pool.ts";
import type { FoldPlan } from "./walk-forward.ts";

/** Out-of-sample predictions of one fold: rows of the pool, and for each a forward log return or a probability of up. */
export interface FoldPredictions {
  readonly rows: Int32Array;
  readonly prediction: Float64Array;
}

export interface FitOptions {
  readonly scope: Scope;
  readonly seed: number;
  /** instead of those of the scope */
  readonly settings?: SettingsOf;
  /** the training rows in bins, where they were made before */
  readonly binned?: BinnedMatrix;
}

export function isClassifier(algorithm: string): boolean {
  return (CLASSIFIERS as readonly string[]).includes(algorithm);
}

/** Learns on a fold's training rows. */
export function fitFold(pool: Pool, { trainTo }: FoldPlan, algorithm: AlgorithmName, options: FitOptions): Model["body"] {
  return fitBody(trainingSet(pool, trainTo, algorithm), algorithm, options);
}

/** Learns on a fold's training rows and predicts its test rows. */
export function runFold(pool: Pool, fold: FoldPlan, algorithm: AlgorithmName, options: FitOptions): FoldPredictions {
  const { testFrom, testTo } = fold;
  const body = fitFold(pool, fold, algorithm, options);
  const rows = Int32Array.from({ length: testTo - testFrom }, (_, i) => testFrom + i);
  const factor = isClassifier(algorithm) ? null : pool.scale;
  const prediction = Float64Array.from(rows, (row) => predictBody(body, pool.columns, row) * (factor ? factor[row] : 1));
  return { rows, prediction };
}

/** Learns on all rows. */
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
    body: fitBody(trainingSet(pool, rows, algorithm), algorithm, options),
  };
}

/** Regressors learn the return in units of its expected size, clipped; classifiers its sign. */
function trainingSet({ names, columns, actual, scale }: Pool, rows: number, algorithm: AlgorithmName): TrainingSet {
  const target = new Float64Array(rows);
  const classify = isClassifier(algorithm);
  for (let row = 0; row < rows; row++) {
    const scaled = actual[row] / scale[row];
    target[row] = classify ? Number(scaled > 0) : Math.max(-TARGET_CLIP, Math.min(TARGET_CLIP, scaled));
  }
  return { names, columns, rows, target };
}
