import { type Collection, collectGarbage as collect, planGarbage } from "../../storage/registry/collect-garbage.ts";
import { collectionSummary } from "../../storage/registry/collection-summary.ts";
import { DEFAULT_RETENTION, type RetentionRules } from "../../storage/registry/retention.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import type { Run } from "../heartbeat.ts";

export interface CollectGarbageInput extends Partial<RetentionRules> {
  /** Whether to delete; otherwise objects are only counted (default). */
  readonly delete?: boolean;
}

export interface RetentionResult extends Omit<Collection, "deletable"> {
  /** What happened, as a sentence. */
  readonly summary: string;
}

/**
 * Counts, or deletes, what no retained manifest names. A second run deletes the rest.
 *
 * @throws {InvalidInputError} if a rule is out of range
 */
export async function collectGarbage({ store, now }: ActivityDependencies, input: CollectGarbageInput, run: Run): Promise<RetentionResult> {
  const { delete: isDeleting = false, ...given } = input;
  const rules = { ...DEFAULT_RETENTION, ...given };
  const { deletable, ...counts } = isDeleting
    ? await collect(store, rules, now(), {
        signal: run.signal,
        onProgress: (done, total) => run.progress({ label: "deleted", done, total }),
      })
    : await planGarbage(store, rules, now());
  return { ...counts, summary: collectionSummary({ ...counts, deletable }, isDeleting) };
}
