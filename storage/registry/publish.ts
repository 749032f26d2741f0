import { encodeManifest } from "../../core/manifests/encode-manifest.ts";
import type { Manifest } from "../../core/manifests/manifest.ts";
import { parseManifest } from "../../core/manifests/parse-manifest.ts";
import { PreconditionFailedError, PublishConflictError } from "../../core/vocabulary/errors.ts";
import { putImmutable } from "../object-store/immutable.ts";
import type { ObjectStore } from "../object-store/object-store.ts";
import { type Latest, manifestKey, POINTER_KEY, type Pointer, readLatest, readManifest } from "./reader.ts";

/**
 * Publishes the manifest that `build` makes of the newest one. A publisher that loses the race rereads and builds again, so
 * the versions form one chain. A run that has published already finds its own manifest, even if others were published since.
 *
 * @throws {PublishConflictError} if the race was lost `attempts` times
 */
export async function publish(
  store: ObjectStore,
  build: (previous: Manifest | null) => Manifest,
  { attempts = 60 }: { attempts?: number } = {},
): Promise<{ manifest: Manifest; published: boolean }> {
  /** Manifests of this run that may be in the chain: left by an earlier attempt of its step, or put with the answer lost. */
  let own: readonly Manifest[] | null = null;
  for (let tries = 1; ; tries++) {
    const latest = await readLatest(store);
    const manifest = build(latest?.manifest ?? null);
    own ??= await writtenBefore(store, manifest);
    const found = latest && (await findInChain(store, latest.manifest, manifest.workflow.runId, own));
    if (found) return { manifest: found, published: false };
    try {
      await publishAfter(store, latest, manifest);
      return { manifest, published: true };
    } catch (error) {
      if (!(error instanceof PublishConflictError) || tries >= attempts) throw error;
      own = [manifest];
      await new Promise((done) => setTimeout(done, Math.random() * 20 * tries));
    }
  }
}

/**
 * One attempt to publish a manifest over the one that it was built on: the manifest first, then the pointer by
 * compare-and-swap. Killed at any step, it leaves the old pointer or the new one.
 *
 * @throws {PublishConflictError} if another manifest was published since
 */
export async function publishAfter(store: ObjectStore, latest: Latest | null, manifest: Manifest): Promise<void> {
  const { key, sha256 } = await putImmutable(store, manifestKey(manifest.version), encodeManifest(manifest), null);
  const pointer: Pointer = { schema: "candlecast.pointer/1", version: manifest.version, key, sha256 };
  const bytes = new TextEncoder().encode(`${JSON.stringify(pointer)}\n`);
  try {
    await store.put(POINTER_KEY, bytes, latest ? { ifMatch: latest.etag } : { ifAbsent: true });
  } catch (cause) {
    if (!(cause instanceof PreconditionFailedError)) throw cause;
    const built = latest ? `manifest ${latest.manifest.version}` : "no manifest";
    throw new PublishConflictError(
      `${manifest.version} was built on ${built}, but ${POINTER_KEY} in ${store.url} has moved on: read it and build again`,
      { cause },
    );
  }
}

/** What this run has written already: its manifests' versions begin with the same second. */
async function writtenBefore(store: ObjectStore, { version, workflow }: Manifest): Promise<Manifest[]> {
  const written: Manifest[] = [];
  const second = version.slice(0, version.indexOf("-") + 1);
  for await (const { key } of store.list(manifestKey(second).replace(/\.json$/, ""))) {
    const stored = await store.get(key);
    const found = stored && parseManifest(stored.bytes);
    if (found?.workflow.runId === workflow.runId) written.push(found);
  }
  return written;
}

/** One of the run's own manifests, if it was published. Each would follow on the one before it, so the search ends there. */
async function findInChain(store: ObjectStore, latest: Manifest, runId: string, own: readonly Manifest[]): Promise<Manifest | null> {
  if (latest.workflow.runId === runId) return latest;
  const open = new Set(own.map(({ previous }) => previous));
  for (let at: Manifest | null = latest; at && open.size > 0; ) {
    if (own.some(({ version }) => version === at?.version)) return at;
    open.delete(at.version);
    at = at.previous === null ? null : await readManifest(store, at.previous);
  }
  return null;
}
