import { createRandom } from "../random.ts";
import { InvalidInputError } from "../vocabulary/errors.ts";
import type { AlgorithmName, Scope } from "../vocabulary/model-names.ts";
import { learnTrust, planCalibration } from "./calibration.ts";
import {
  type BoostingParameters,
  type ForestParameters,
  HYPERPARAMETERS,
  type HyperparametersOf,
  type LinearParameters,
} from "./hyperparameters.ts";
import { fitLogistic } from "./linear/logistic-regression.ts";
import { fitRidge } from "./linear/ridge.ts";
import type { Model, TreesBody } from "./model.ts";
import { predictBodyOver } from "./predict-model.ts";
import { type TrainingSet, weightedMean, weightsOf } from "./training-set.ts";
import { type BinnedMatrix, binColumns } from "./trees/binning.ts";
import { fitGradientBoosting } from "./trees/gradient-boosting.ts";
import { fitRandomForest } from "./trees/random-forest.ts";

export interface FitBodyOptions {
  readonly scope: Scope;
  readonly seed: number;
  /** instead of those of the scope */
  readonly settings?: HyperparametersOf;
  /** The bins of the set's columns, of the same rows: learners on trees then need not bin them again. */
  readonly binned?: BinnedMatrix;
}

/** Fits one algorithm with the settings of its scope, or given ones. The same set and seed give the same model. */
export function fitBody(set: TrainingSet, algorithm: AlgorithmName, { scope, settings, ...options }: FitBodyOptions): Model["body"] {
  return fitWith(set, algorithm, settings?.[algorithm] ?? HYPERPARAMETERS[algorithm][scope], options);
}

/** Fits one algorithm with settings of one's own. */
export function fitWith<K extends AlgorithmName>(
  set: TrainingSet,
  algorithm: K,
  settings: HyperparametersOf[K],
  { seed, binned }: Pick<FitBodyOptions, "seed" | "binned">,
): Model["body"] {
  const random = createRandom(seed);
  const matrix = binned?.rows === set.rows ? binned : undefined;
  switch (algorithm) {
    case "gradient_boosting": {
      const { base, trees } = fitGradientBoosting(set, settings as BoostingParameters, random, matrix);
      return { kind: "trees", base, factor: 1, trees };
    }
    case "random_forest": {
      const trees = fitRandomForest(set, settings as ForestParameters, random, matrix);
      return { kind: "trees", base: 0, factor: 1 / trees.roots.length, trees };
    }
    case "random_forest_classifier":
      return fitCalibratedForest(set, settings as ForestParameters, seed, matrix);
    case "linear_regression":
      return fitRidge(set, settings as LinearParameters);
    case "logistic_regression":
      return fitLogistic(set, settings as LinearParameters);
  }
  throw new InvalidInputError(`there is no algorithm ${algorithm}`);
}

/** A classifier forest whose probabilities are drawn towards the share of ones as far as an inner fit's forecasts say. */
function fitCalibratedForest(
  set: TrainingSet,
  settings: ForestParameters,
  seed: number,
  matrix = binColumns(set.columns, set.rows),
): TreesBody {
  const random = createRandom(seed);
  const trees = fitRandomForest(set, settings, random, matrix);
  const trust = settings.calibrationTrees ? measureTrust(set, settings, settings.calibrationTrees, seed, matrix) : 1;
  const prior = weightedMean(set.target, weightsOf(set));
  return { kind: "trees", base: (1 - trust) * prior, factor: trust / trees.roots.length, trees };
}

function measureTrust(set: TrainingSet, settings: ForestParameters, count: number, seed: number, matrix: BinnedMatrix): number {
  const { trainTo, testFrom, testTo } = planCalibration(set.rows);
  const inner = { ...set, rows: trainTo };
  const trees = fitRandomForest(inner, { ...settings, trees: count }, createRandom(seed).fork("calibration"), matrix);
  const forecast = predictBodyOver({ kind: "trees", base: 0, factor: 1 / count, trees }, set.columns, testFrom, testTo);
  return learnTrust(forecast, set.target.subarray(testFrom, testTo), weightedMean(set.target, weightsOf(inner)));
}
