import { type Assessment, assess } from "../../core/evaluation/assess.ts";
import { checkLabels } from "../../core/evaluation/canaries/label-canary.ts";
import { predictionsFromParts } from "../../core/evaluation/fold-predictions.ts";
import type { FoldPredictions } from "../../core/evaluation/run-fold.ts";
import { createRandom, seedFrom } from "../../core/random.ts";
import type { AlgorithmName } from "../../core/vocabulary/model-names.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { encodeEvaluation, predictionParts } from "../../storage/evaluation-files/evaluation-files.ts";
import { keyOf } from "../../storage/layout.ts";
import { getVerified, putImmutable, sha256Hex } from "../../storage/object-store/immutable.ts";
import { putJson } from "../../storage/object-store/json-objects.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import type { Run } from "../heartbeat.ts";
import { type LoadedPool, withPool } from "./load-pool.ts";
import type { TrainingGroup } from "./plan-training.ts";
import type { TrainedModel } from "./train-model.ts";
import { type ReportRefs, writeReports } from "./write-reports.ts";

/** The coverage that prediction intervals aim at. */
const COVERAGE = 0.9;

export interface AssessGroupInput {
  readonly group: TrainingGroup;
  readonly models: readonly TrainedModel[];
  readonly horizon: number;
}

export interface AssessedGroup {
  /** Every out-of-sample prediction with interval, actual and baseline. */
  readonly evaluation: ObjectRef;
  /** Metrics, skill and role by symbol and model. */
  readonly assessment: ObjectRef;
  /** The list of the symbols' reports. */
  readonly reports: ObjectRef;
}

/**
 * Judges a group's models on their out-of-sample predictions, and stores the predictions, the judgement, and a report per symbol.
 *
 * @throws {LeakDetectedError} if a feature knows the label, or a fold was trained on rows that it is tested on
 */
export function assessGroup(deps: ActivityDependencies, input: AssessGroupInput, run: Pick<Run, "signal">): Promise<AssessedGroup> {
  return withPool(deps.store, input.group, input.horizon, (loaded) => assessOn(loaded, deps, input, run));
}

async function assessOn(
  loaded: LoadedPool,
  deps: ActivityDependencies,
  { group, models }: AssessGroupInput,
  { signal }: Pick<Run, "signal">,
): Promise<AssessedGroup> {
  const { store } = deps;
  const { pool, folds } = loaded;
  checkLabels(pool, folds, createRandom(seedFrom(group.key, group.digest)));
  const parts = new Map<AlgorithmName, readonly FoldPredictions[]>();
  for (const { algorithm, predictions } of models)
    parts.set(algorithm, await predictionsFromParts(pool, folds, predictionParts(await getVerified(store, predictions))));
  const input = { pool, folds, parts, scope: group.scope, seed: seedFrom(group.key, "assess"), coverage: COVERAGE };
  const { predictions, bySymbol } = assess(input);
  // Reports are the work of other threads: meanwhile this one encodes.
  const [reports, bytes] = await Promise.all([
    writeReports(deps, { group, models, loaded, predictions, assessment: bySymbol, coverage: COVERAGE, signal }),
    encodeEvaluation(predictions),
  ]);
  return {
    evaluation: await putImmutable(store, keyOf("evaluations", { digest: sha256Hex(bytes) }), bytes, predictions.length),
    assessment: await putJson(store, (digest) => keyOf("assessments", { digest }), bySymbol satisfies Assessment),
    reports: await putJson(store, (digest) => keyOf("reports", { digest }), reports satisfies ReportRefs),
  };
}
