import { assess } from "../core/evaluation/assess.ts";
import type { ModelEntry, ObjectRef } from "../core/manifests/manifest.ts";
import { seedFrom } from "../core/random.ts";
import { decodeEvaluation, encodeEvaluation, evaluationKey } from "../storage/evaluation-files/evaluation-files.ts";
import { getVerified, putImmutable, sha256Hex } from "../storage/object-store/immutable.ts";
import type { TrainedModel, TrainingGroup } from "../workflows/plan.ts";
import type { ActivityDependencies } from "./dependencies.ts";
import { predictionsFromTable } from "./fold-predictions.ts";
import { loadPool } from "./load-pool.ts";
import { putJson } from "./snapshot.ts";

/** Coverage that prediction intervals aim at. */
const COVERAGE = 0.9;

/** Per symbol, what each model is worth. */
export type Assessment = Readonly<Record<string, readonly Omit<ModelEntry, "file">[]>>;

export interface AssessGroupInput {
  readonly group: TrainingGroup;
  readonly models: readonly TrainedModel[];
  readonly horizon: number;
}

/** Judges a group's models on their out-of-sample predictions, and stores both the predictions and the judgement. */
export async function assessGroup(
  { store }: ActivityDependencies,
  { group, models, horizon }: AssessGroupInput,
): Promise<{ evaluation: ObjectRef; assessment: ObjectRef }> {
  const { pool, folds } = await loadPool(store, group, horizon);
  const parts = new Map(
    await Promise.all(
      models.map(async ({ algorithm, predictions }) => {
        const table = await decodeEvaluation(await getVerified(store, predictions));
        return [algorithm, predictionsFromTable(pool, folds, table)] as const;
      }),
    ),
  );
  const { table, bySymbol } = assess({ pool, folds, parts, scope: group.scope, seed: seedFrom(group.key, "assess"), coverage: COVERAGE });
  const bytes = encodeEvaluation(table);
  return {
    evaluation: await putImmutable(store, evaluationKey(sha256Hex(bytes)), bytes, table.openTime.length),
    assessment: await putJson(store, (sha256) => `evaluations/${sha256}.json`, bySymbol satisfies Assessment),
  };
}
