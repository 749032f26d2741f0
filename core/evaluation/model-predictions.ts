import { ensembleForecasts, ensembleMembers } from "../serving/ensemble.ts";
import {
  type AlgorithmName,
  type BaselineName,
  ENSEMBLE,
  type ModelName,
  type Scope,
  type Task,
  taskOf,
} from "../vocabulary/model-names.ts";
import { classPrior, drift } from "./baselines/baselines.ts";
import type { Pool } from "./pool.ts";
import type { FoldPredictions } from "./run-fold.ts";
import type { FoldPlan } from "./walk-forward.ts";

/** A model's out-of-sample predictions over the whole pool: forward log returns or probabilities of up; NaN for rows that no fold tests. */
export interface ModelPredictions {
  readonly name: ModelName;
  readonly scope: Scope;
  readonly task: Task;
  readonly prediction: Float64Array;
}

/** The predictions of a group's models, and those of the ensemble if all its members are among them. */
export function collectPredictions(
  pool: Pool,
  parts: ReadonlyMap<AlgorithmName, readonly FoldPredictions[]>,
  scope: Scope,
): ModelPredictions[] {
  const models = [...parts].map(([name, folds]): ModelPredictions => {
    const prediction = new Float64Array(pool.openTime.length).fill(Number.NaN);
    for (const fold of folds) for (let i = 0; i < fold.rows.length; i++) prediction[fold.rows[i]] = fold.prediction[i];
    return { name, scope, task: taskOf(name), prediction };
  });
  const members = ensembleMembers(models, scope);
  if (!members) return models;
  const prediction = ensembleForecasts(members.map((member) => member.prediction));
  return [...models, { name: ENSEMBLE, scope, task: taskOf(ENSEMBLE), prediction }];
}

/** What each baseline would have predicted, as {@link ModelPredictions.prediction}. */
export function predictBaselines(pool: Pool, folds: readonly FoldPlan[]): Readonly<Record<BaselineName, Float64Array>> {
  return { no_change: new Float64Array(pool.openTime.length), drift: drift(pool, folds), class_prior: classPrior(pool, folds) };
}
