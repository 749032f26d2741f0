import { rowsOfPredictions } from "../../core/evaluation/fold-predictions.ts";
import { seedFrom } from "../../core/random.ts";
import type { AlgorithmName } from "../../core/vocabulary/model-names.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { encodeEvaluation } from "../../storage/evaluation-files/evaluation-files.ts";
import { keyOf } from "../../storage/layout.ts";
import { putImmutable, sha256Hex } from "../../storage/object-store/immutable.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import type { Run } from "../heartbeat.ts";
import { type LoadedPool, withPool } from "./load-pool.ts";
import type { TrainingGroup } from "./plan-training.ts";

export interface TrainModelInput {
  readonly group: TrainingGroup;
  readonly algorithm: AlgorithmName;
  readonly horizon: number;
}

export interface TrainedModel {
  readonly algorithm: AlgorithmName;
  readonly file: ObjectRef;
  /** Its out-of-sample predictions. */
  readonly predictions: ObjectRef;
}

/**
 * Trains one algorithm on one group: once per fold for its out-of-sample predictions, then on everything.
 * Deterministic: the seed comes from the group's name and the algorithm, so a second run stores the same bytes.
 */
export function trainModel(deps: ActivityDependencies, input: TrainModelInput, run: Run): Promise<TrainedModel> {
  return withPool(deps.store, input.group, input.horizon, (loaded) => trainOn(loaded, deps, input, run));
}

async function trainOn(
  { pool, folds }: LoadedPool,
  { store, fitPool }: ActivityDependencies,
  { group, algorithm }: TrainModelInput,
  run: Run,
): Promise<TrainedModel> {
  const label = `${group.key} ${algorithm}`;
  const total = folds.length + 1;
  run.progress({ label, done: 0, total });
  // If one fit fails, the others are stopped: nobody would get their results.
  const failed = new AbortController();
  const signal = AbortSignal.any([run.signal, failed.signal]);
  const options = { seed: seedFrom(group.key, algorithm), scope: group.scope, signal };
  const [parts, model] = await Promise.all([
    fitPool.runFolds(pool, folds, algorithm, { ...options, onFold: (done) => run.progress({ label, done, total }) }),
    fitPool.fitFinal(pool, algorithm, options),
  ]).catch((error: unknown) => {
    failed.abort();
    throw error;
  });
  const evaluation = rowsOfPredictions(pool, parts, { algorithm, scope: group.scope });
  const bytes = await encodeEvaluation(evaluation);
  const file = await putImmutable(store, keyOf("models", { digest: sha256Hex(model) }), model, null);
  const predictions = await putImmutable(store, keyOf("evaluations", { digest: sha256Hex(bytes) }), bytes, evaluation.length);
  run.progress({ label, done: total, total });
  return { algorithm, file, predictions };
}
