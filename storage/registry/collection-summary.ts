import type { Collection } from "./collect-garbage.ts";

/** What a collection did, or would do, as a sentence. */
export function collectionSummary({ deletable, deleted, spared, retained, manifests }: Collection, isDeleting: boolean): string {
  const kept = `${retained} of ${manifests} manifests keep everything that they name.`;
  if (deletable.length === 0) return `Nothing to delete: ${kept}`;
  const bytes = deletable.reduce((sum, object) => sum + object.bytes, 0);
  const size = bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
  const done = `${deleted} of ${deletable.length} unnamed objects (${size}) deleted${spared ? `, ${spared} spared` : ""}.`;
  return isDeleting ? `${done} ${kept}` : `${deletable.length} objects (${size}) are named by no retained manifest. ${kept}`;
}
