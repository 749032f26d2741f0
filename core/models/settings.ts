import type { AlgorithmName, Scope } from "../vocabulary/model-names.ts";

/** Raised when the code of a learner changes what it learns from the same data: old trainings are then due again. */
const LEARNERS_VERSION = 3;

export interface RecencySettings {
  /** a row as many days older counts half; all count the same where it is left out */
  readonly halfLifeDays?: number;
}

export interface BoostingSettings extends RecencySettings {
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
  /** Early stopping: the newest `share` of the rows says how many trees are enough, `patience` without a gain being too many. */
  readonly tail?: { readonly share: number; readonly patience: number };
}

export interface ForestSettings extends RecencySettings {
  readonly trees: number;
  readonly maxDepth: number;
  readonly minLeafRows: number;
  /** share of the features that each split chooses from */
  readonly featureShare: number;
  /** trees of the inner fit that says how far a classifier's probabilities are trusted; fully where it is left out */
  readonly calibrationTrees?: number;
}

export interface LinearSettings extends RecencySettings {
  /** candidates for the penalty, in units of the number of rows; inner walk-forward chooses */
  readonly penalties: readonly number[];
  /** features are clipped to this quantile of the training part and its mirror */
  readonly winsorQuantile: number;
}

/** Targets, in units of volatility, are clipped to ± this before learning; predictions are judged on unclipped ones. */
export const TARGET_CLIP = 2.5;

const BOOSTING: Record<Scope, BoostingSettings> = {
  pooled: { trees: 250, leaves: 16, learningRate: 0.01, minLeafRows: 100, rowShare: 0.5, featureShare: 0.1, l2: 1 },
  coin: { trees: 200, leaves: 4, learningRate: 0.02, minLeafRows: 100, rowShare: 0.5, featureShare: 0.3, l2: 1 },
};

const FOREST: Record<Scope, ForestSettings> = {
  pooled: { trees: 200, maxDepth: 6, minLeafRows: 100, featureShare: 0.2 },
  coin: { trees: 200, maxDepth: 4, minLeafRows: 50, featureShare: 0.2 },
};

const CLASSIFIER_FOREST: Record<Scope, ForestSettings> = {
  pooled: { ...FOREST.pooled, calibrationTrees: 100 },
  coin: { ...FOREST.coin, calibrationTrees: 100 },
};

const LINEAR: LinearSettings = { penalties: [0.01, 0.03, 0.1, 0.3, 1, 3, 10], winsorQuantile: 0.01 };
const LOGISTIC: LinearSettings = { ...LINEAR, halfLifeDays: 1_000 };

/** What each algorithm is fitted with, by scope; docs/decisions/0006 has the measurements. */
export const SETTINGS: { readonly [K in AlgorithmName]: Readonly<Record<Scope, SettingsOf[K]>> } = {
  gradient_boosting: BOOSTING,
  linear_regression: { pooled: LINEAR, coin: LINEAR },
  random_forest: FOREST,
  logistic_regression: { pooled: LOGISTIC, coin: LOGISTIC },
  random_forest_classifier: CLASSIFIER_FOREST,
};

/** Per algorithm. */
export interface SettingsOf {
  gradient_boosting: BoostingSettings;
  linear_regression: LinearSettings;
  random_forest: ForestSettings;
  logistic_regression: LinearSettings;
  random_forest_classifier: ForestSettings;
}

/** What decides, beside the data, what is learned; part of a training's digest. */
export const TRAINING_DIGEST_PARTS = { version: LEARNERS_VERSION, clip: TARGET_CLIP, settings: SETTINGS };
