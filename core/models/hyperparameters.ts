import type { AlgorithmName, Scope } from "../vocabulary/model-names.ts";

/** Increase it when a learner's code learns something else from the same data: every training is then due again. */
const LEARNERS_VERSION = 4;

export interface RecencyParameters {
  /** a row this many days older than the newest counts half; without it, all rows count the same */
  readonly halfLifeDays?: number;
}

export interface BoostingParameters extends RecencyParameters {
  readonly trees: number;
  readonly leaves: number;
  readonly learningRate: number;
  /** fewest training rows of a leaf */
  readonly minLeafRows: number;
  /** share of the rows that each tree sees */
  readonly rowShare: number;
  /** share of the features that each tree sees */
  readonly featureShare: number;
  readonly l2: number;
  /** Early stopping: fitting ends after `patience` trees without a gain on the newest `share` of the rows. */
  readonly tail?: { readonly share: number; readonly patience: number };
}

export interface ForestParameters extends RecencyParameters {
  readonly trees: number;
  readonly maxDepth: number;
  readonly minLeafRows: number;
  /** share of the features that each split chooses from */
  readonly featureShare: number;
  /** trees of the inner fit that measures how far a classifier's probabilities can be trusted; without it, they are trusted fully */
  readonly calibrationTrees?: number;
}

export interface LinearParameters extends RecencyParameters {
  /** candidates for the penalty, in units of the number of rows; inner walk-forward chooses */
  readonly penalties: readonly number[];
  /** features are clipped to this quantile of the training part and its mirror */
  readonly winsorQuantile: number;
}

/** Targets, in units of volatility, are clipped to ± this before learning; predictions are judged on unclipped ones. */
export const TARGET_CLIP = 2.5;

const BOOSTING: Record<Scope, BoostingParameters> = {
  pooled: { trees: 250, leaves: 16, learningRate: 0.01, minLeafRows: 100, rowShare: 0.5, featureShare: 0.1, l2: 1 },
  coin: { trees: 200, leaves: 4, learningRate: 0.02, minLeafRows: 100, rowShare: 0.5, featureShare: 0.3, l2: 1 },
};

const FOREST: Record<Scope, ForestParameters> = {
  pooled: { trees: 200, maxDepth: 6, minLeafRows: 100, featureShare: 0.2 },
  coin: { trees: 200, maxDepth: 4, minLeafRows: 50, featureShare: 0.2 },
};

const CLASSIFIER_FOREST: Record<Scope, ForestParameters> = {
  pooled: { ...FOREST.pooled, calibrationTrees: 100 },
  coin: { ...FOREST.coin, calibrationTrees: 100 },
};

const LINEAR: LinearParameters = { penalties: [0.01, 0.03, 0.1, 0.3, 1, 3, 10], winsorQuantile: 0.01 };
const LOGISTIC: LinearParameters = { ...LINEAR, halfLifeDays: 1_000 };

/** Hyperparameters of each algorithm by scope; docs/decisions/0006 has the measurements. */
export const HYPERPARAMETERS: { readonly [K in AlgorithmName]: Readonly<Record<Scope, HyperparametersOf[K]>> } = {
  gradient_boosting: BOOSTING,
  linear_regression: { pooled: LINEAR, coin: LINEAR },
  random_forest: FOREST,
  logistic_regression: { pooled: LOGISTIC, coin: LOGISTIC },
  random_forest_classifier: CLASSIFIER_FOREST,
};

/** The type of each algorithm's hyperparameters. */
export interface HyperparametersOf {
  gradient_boosting: BoostingParameters;
  linear_regression: LinearParameters;
  random_forest: ForestParameters;
  logistic_regression: LinearParameters;
  random_forest_classifier: ForestParameters;
}

/**
 * Everything but the data that decides what is learned. Part of a training's digest, so a changed key or value makes every
 * training due again.
 */
export const TRAINING_DIGEST_PARTS = { version: LEARNERS_VERSION, clip: TARGET_CLIP, settings: HYPERPARAMETERS };
