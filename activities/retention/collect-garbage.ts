import { collectGarbage as collect, planGarbage } from "../../storage/registry/collect-garbage.ts";
import { DEFAULT_RETENTION } from "../../storage/registry/retention.ts";
import type { RetentionInput, RetentionResult } from "../../workflows/contract.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import type { Run } from "../heartbeat.ts";

/**
 * Counts, or deletes, what no retained manifest names. A second run finds less to delete, and goes on.
 *
 * @throws {InvalidInputError} if a rule is none
 */
export async function collectGarbage({ store, now }: ActivityDependencies, input: RetentionInput, run: Run): Promise<RetentionResult> {
  const { delete: isDeleting = false, ...given } = input;
  const rules = { ...DEFAULT_RETENTION, ...given };
  const { deletable, ...counts } = isDeleting
    ? await collect(store, rules, now(), {
        signal: run.signal,
        onProgress: (done, total) => run.report({ label: "deleted", done, total }),
      })
    : await planGarbage(store, rules, now());
  return { ...counts, summary: collectionSummary({ ...counts, deletable }, isDeleting) };
}

/** What a collection did, or would do, as a sentence. */
export function collectionSummary(
  { deletable, deleted, spared, retained, manifests }: Awaited<ReturnType<typeof planGarbage>>,
  isDeleting: boolean,
): string {
  const kept = `${retained} of ${manifests} manifests keep all that they name.`;
  if (deletable.length === 0) return `Nothing to delete: ${kept}`;
  const bytes = deletable.reduce((sum, object) => sum + object.bytes, 0);
  const size = bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  const done = `${deleted} of ${deletable.length} unnamed objects (${size}) deleted${spared ? `, ${spared} spared` : ""}.`;
  return isDeleting ? `${done} ${kept}` : `${deletable.length} objects (${size}) are named by no retained manifest. ${kept}`;
}
