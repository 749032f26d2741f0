import { encodeManifest } from "../../core/manifests/encode-manifest.ts";
import type { Manifest } from "../../core/manifests/manifest.ts";
import { parseManifest } from "../../core/manifests/parse-manifest.ts";
import { PublishConflictError } from "../../core/vocabulary/errors.ts";
import { prefixOf } from "../layout.ts";
import { putImmutable } from "../object-store/immutable.ts";
import type { ObjectStore } from "../object-store/object-store.ts";
import { type UpdateOptions, update } from "../object-store/update.ts";
import { chain } from "./chain.ts";
import { encodePointer, manifestKey, POINTER_KEY, parsePointer, readPointed } from "./reader.ts";

export interface PublishOptions extends Pick<UpdateOptions, "tries"> {
  /**
   * Stores what a manifest names that follows from it, and names it there. It must give the same manifest for the same one, and is
   * called before that is stored; for a publisher that loses the race, again with the next one.
   */
  readonly complete?: (manifest: Manifest) => Promise<Manifest>;
}

/**
 * Publishes the manifest that `build` makes of the newest one: stores the manifest, then switches the pointer to it by
 * compare-and-swap. A publisher that loses the race reads the pointer and builds again, so the versions form one chain; one
 * that is killed at any step leaves the old pointer or the new one. A run that has published already finds its own manifest,
 * even if others were published since.
 *
 * @throws {PublishConflictError} if others published first again and again
 */
export async function publish(
  store: ObjectStore,
  build: (previous: Manifest | null) => Manifest,
  { tries, complete = async (manifest) => manifest }: PublishOptions = {},
): Promise<{ manifest: Manifest; published: boolean }> {
  /** Manifests of this run that may be in the chain: left by an earlier attempt of its step, or put with the answer lost. */
  let own: readonly Manifest[] | null = null;
  return update<Manifest, { manifest: Manifest; published: boolean }>(
    store,
    POINTER_KEY,
    (bytes) => readPointed(store, parsePointer(bytes)),
    async (latest) => {
      const built = build(latest);
      own ??= await writtenBefore(store, built);
      const found = latest && (await findOwn(store, latest, built.workflow.runId, own));
      if (found) return { bytes: null, result: { manifest: found, published: false } };
      const manifest = await complete(built);
      own = [manifest];
      const ref = await putImmutable(store, manifestKey(manifest.version), encodeManifest(manifest), null);
      return { bytes: encodePointer(manifest.version, ref), result: { manifest, published: true } };
    },
    { tries, conflict: (message, options) => new PublishConflictError(message, options) },
  );
}

/** What this run has written already: its manifests' versions begin with the same second. */
async function writtenBefore(store: ObjectStore, { version, workflow }: Manifest): Promise<Manifest[]> {
  const written: Manifest[] = [];
  const second = version.slice(0, version.indexOf("-") + 1);
  for await (const { key } of store.list(`${prefixOf("manifests")}${second}`)) {
    const stored = await store.get(key);
    const found = stored && parseManifest(stored.bytes);
    if (found?.workflow.runId === workflow.runId) written.push(found);
  }
  return written;
}

/**
 * One of the run's own manifests, if it was published. It would stand in the chain right after the manifest that it was built
 * on, so the search ends where all of those were seen.
 */
async function findOwn(store: ObjectStore, latest: Manifest, runId: string, own: readonly Manifest[]): Promise<Manifest | null> {
  if (latest.workflow.runId === runId) return latest;
  const ends = new Set(own.map(({ previous }) => previous));
  for await (const { manifest } of chain(store, latest)) {
    if (!manifest) return null;
    if (own.some(({ version }) => version === manifest.version)) return manifest;
    ends.delete(manifest.version);
    if (ends.size === 0) return null;
  }
  return null;
}
