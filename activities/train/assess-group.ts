import { assess } from "../../core/evaluation/assess.ts";
import { checkLabels } from "../../core/evaluation/canaries/label-canary.ts";
import type { ModelEntry } from "../../core/manifests/manifest.ts";
import { createRandom, seedFrom } from "../../core/random.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { decodeEvaluation, encodeEvaluation } from "../../storage/evaluation-files/evaluation-files.ts";
import { keyOf } from "../../storage/layout.ts";
import { getVerified, putImmutable, sha256Hex } from "../../storage/object-store/immutable.ts";
import { putJson } from "../../storage/object-store/json-objects.ts";
import type { TrainedModel, TrainingGroup } from "../../workflows/plan.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import type { Run } from "../heartbeat.ts";
import { predictionsFromTable } from "./fold-predictions.ts";
import { loadPool } from "./load-pool.ts";
import { writeReports } from "./write-reports.ts";

/** Coverage that prediction intervals aim at. */
const COVERAGE = 0.9;

/** Per symbol, what each model is worth. */
export type Assessment = Readonly<Record<string, readonly Omit<ModelEntry, "file">[]>>;

/** Per symbol, where its report is. */
export type ReportRefs = Readonly<Record<string, ObjectRef>>;

export interface AssessGroupInput {
  readonly group: TrainingGroup;
  readonly models: readonly TrainedModel[];
  readonly horizon: number;
}

/**
 * Judges a group's models on their out-of-sample predictions, and stores the predictions, the judgement, and a report per symbol.
 *
 * @throws {LeakDetectedError} if a feature knows the label, or a fold learned from rows that it is tested on
 */
export async function assessGroup(
  deps: ActivityDependencies,
  { group, models, horizon }: AssessGroupInput,
  { signal }: Pick<Run, "signal">,
): Promise<{ evaluation: ObjectRef; assessment: ObjectRef; reports: ObjectRef }> {
  const { store } = deps;
  const loaded = await loadPool(store, group, horizon);
  const { pool, folds } = loaded;
  checkLabels(pool, folds, createRandom(seedFrom(group.key, group.digest)));
  const parts = new Map(
    await Promise.all(
      models.map(async ({ algorithm, predictions }) => {
        const table = await decodeEvaluation(await getVerified(store, predictions));
        return [algorithm, predictionsFromTable(pool, folds, table)] as const;
      }),
    ),
  );
  const { table, bySymbol } = assess({ pool, folds, parts, scope: group.scope, seed: seedFrom(group.key, "assess"), coverage: COVERAGE });
  const reports = await writeReports(deps, { group, models, loaded, table, assessment: bySymbol, coverage: COVERAGE, signal });
  const bytes = encodeEvaluation(table);
  return {
    evaluation: await putImmutable(store, keyOf("evaluations", { digest: sha256Hex(bytes) }), bytes, table.openTime.length),
    assessment: await putJson(store, (digest) => keyOf("assessments", { digest }), bySymbol satisfies Assessment),
    reports: await putJson(store, (digest) => keyOf("reports", { digest }), reports satisfies ReportRefs),
  };
}
