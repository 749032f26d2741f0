/** Regressors predict the forward log return. */
export const REGRESSORS = ["gradient_boosting", "linear_regression", "random_forest"] as const;
/** Classifiers predict the probability that the price rises. */
export const CLASSIFIERS = ["logistic_regression", "random_forest_classifier"] as const;
export const ALGORITHMS = [...REGRESSORS, ...CLASSIFIERS] as const;
/** The mean of the regressors of one scope. */
export const ENSEMBLE = "ensemble";
export const MODELS = [...ALGORITHMS, ENSEMBLE] as const;

export type RegressorName = (typeof REGRESSORS)[number];
export type ClassifierName = (typeof CLASSIFIERS)[number];
export type AlgorithmName = (typeof ALGORITHMS)[number];
export type ModelName = (typeof MODELS)[number];

export function isClassifier(name: string): name is ClassifierName {
  return (CLASSIFIERS as readonly string[]).includes(name);
}

export const TASKS = ["regression", "classification"] as const;
export type Task = (typeof TASKS)[number];

export function taskOf(name: ModelName): Task {
  return isClassifier(name) ? "classification" : "regression";
}

/** `pooled`: one model learned from all coins; `coin`: one model per coin. */
export const SCOPES = ["pooled", "coin"] as const;
export type Scope = (typeof SCOPES)[number];
/** What a run can be asked for. */
export const SCOPE_CHOICES = [...SCOPES, "both"] as const;
export type ScopeChoice = (typeof SCOPE_CHOICES)[number];

/** Champion: served. Challenger: has skill, but another model has more. No skill: does not beat its baseline. */
export const ROLES = ["champion", "challenger", "no_skill"] as const;
export type Role = (typeof ROLES)[number];

/** What a model has to beat: the last price, the mean return of the past, or the share of rises in the past. */
export const BASELINES = ["no_change", "drift", "class_prior"] as const;
export type BaselineName = (typeof BASELINES)[number];

export const LOSSES = ["rmse", "mae", "brier", "log_loss"] as const;
export type LossName = (typeof LOSSES)[number];
