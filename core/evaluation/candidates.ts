import type { AlgorithmName, BaselineName, LossName, ModelName } from "../vocabulary/model-names.ts";
import { isClassifier, REGRESSORS } from "../vocabulary/model-names.ts";
import { classPrior, drift } from "./baselines/baselines.ts";
import type { Pool } from "./pool.ts";
import type { FoldPredictions } from "./run-fold.ts";
import type { FoldPlan } from "./walk-forward.ts";

/** A model's out-of-sample predictions over the whole pool; NaN for rows of no test stretch. */
export interface Candidate {
  readonly name: ModelName;
  readonly classifier: boolean;
  readonly prediction: Float64Array;
}

/** What a task's models are measured by; the gate looks at the first loss. */
export const MEASURES = {
  regression: { losses: ["rmse", "mae"], baselines: ["no_change", "drift"] },
  classification: { losses: ["brier", "log_loss"], baselines: ["class_prior"] },
} as const satisfies Record<string, { losses: readonly LossName[]; baselines: readonly BaselineName[] }>;

/** The models of a group, and the mean of its regressors where they are complete (`ensemble`). */
export function collectCandidates(pool: Pool, parts: ReadonlyMap<AlgorithmName, readonly FoldPredictions[]>): Candidate[] {
  const n = pool.openTime.length;
  const single = [...parts].map(([name, predictions]): Candidate => {
    const prediction = new Float64Array(n).fill(Number.NaN);
    for (const part of predictions) for (let i = 0; i < part.rows.length; i++) prediction[part.rows[i]] = part.prediction[i];
    return { name, classifier: isClassifier(name), prediction };
  });
  const members = single.filter(({ classifier }) => !classifier);
  if (members.length < REGRESSORS.length) return single;
  const ensemble = new Float64Array(n);
  for (const { prediction } of members) for (let row = 0; row < n; row++) ensemble[row] += prediction[row] / members.length;
  return [...single, { name: "ensemble", classifier: false, prediction: ensemble }];
}

/** What each baseline would have said, as {@link Candidate.prediction}. */
export function predictBaselines(pool: Pool, folds: readonly FoldPlan[]): Readonly<Record<BaselineName, Float64Array>> {
  return { no_change: new Float64Array(pool.openTime.length), drift: drift(pool, folds), class_prior: classPrior(pool, folds) };
}
