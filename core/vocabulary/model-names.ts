export const TASKS = ["regression", "classification"] as const;
export type Task = (typeof TASKS)[number];

interface LearnerRow {
  /** Regressors predict the forward log return, classifiers the probability that the price rises. */
  readonly task: Task;
  /** What a fit consists of. */
  readonly body: "trees" | "linear identity" | "linear logistic";
}

/** What is known of each learner. To add one, add a row; the compiler then names the settings and the fit that are missing. */
export const LEARNERS = {
  gradient_boosting: { task: "regression", body: "trees" },
  linear_regression: { task: "regression", body: "linear identity" },
  random_forest: { task: "regression", body: "trees" },
  logistic_regression: { task: "classification", body: "linear logistic" },
  random_forest_classifier: { task: "classification", body: "trees" },
} as const satisfies Readonly<Record<string, LearnerRow>>;

export type AlgorithmName = keyof typeof LEARNERS;
type NamesOf<T extends Task> = { [K in AlgorithmName]: (typeof LEARNERS)[K]["task"] extends T ? K : never }[AlgorithmName];
export type RegressorName = NamesOf<"regression">;
export type ClassifierName = NamesOf<"classification">;

export const ALGORITHMS = Object.keys(LEARNERS) as readonly AlgorithmName[];
export const REGRESSORS = ALGORITHMS.filter((name) => !isClassifier(name)) as readonly RegressorName[];
export const CLASSIFIERS = ALGORITHMS.filter(isClassifier) as readonly ClassifierName[];
/** The mean of the regressors of one scope. */
export const ENSEMBLE = "ensemble";
export const MODELS = [...ALGORITHMS, ENSEMBLE] as const;

export type ModelName = (typeof MODELS)[number];

export function isClassifier(name: string): name is ClassifierName {
  return Object.hasOwn(LEARNERS, name) && LEARNERS[name as AlgorithmName].task === "classification";
}

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
