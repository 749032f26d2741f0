import { PreconditionFailedError, StoreUnavailableError } from "../../core/errors.ts";
import { encodeManifest } from "../../core/manifests/encode-manifest.ts";
import type { Manifest } from "../../core/manifests/manifest.ts";
import { putImmutable } from "../object-store/immutable.ts";
import type { ObjectStore } from "../object-store/object-store.ts";
import { manifestKey, POINTER_KEY, type Pointer, readLatest } from "./reader.ts";

/**
 * Publishes the manifest that `build` makes of the newest one: the manifest first, then the pointer by
 * compare-and-swap. A publisher that loses the race rereads and builds again, so the versions form one chain. A run that
 * has published already finds its own manifest.
 *
 * @throws {StoreUnavailableError} if the race was lost `attempts` times
 */
export async function publish(
  store: ObjectStore,
  build: (previous: Manifest | null) => Manifest,
  { attempts = 60 }: { attempts?: number } = {},
): Promise<{ manifest: Manifest; published: boolean }> {
  for (let tries = 1; tries <= attempts; tries++) {
    const latest = await readLatest(store);
    const manifest = build(latest?.manifest ?? null);
    if (latest && latest.manifest.workflow.runId === manifest.workflow.runId) return { manifest: latest.manifest, published: false };
    const { key, sha256 } = await putImmutable(store, manifestKey(manifest.version), encodeManifest(manifest), null);
    const pointer: Pointer = { schema: "candlecast.pointer/1", version: manifest.version, key, sha256 };
    const bytes = new TextEncoder().encode(`${JSON.stringify(pointer)}\n`);
    try {
      await store.put(POINTER_KEY, bytes, latest ? { ifMatch: latest.etag } : { ifAbsent: true });
      return { manifest, published: true };
    } catch (error) {
      if (!(error instanceof PreconditionFailedError)) throw error;
      await new Promise((done) => setTimeout(done, Math.random() * 20 * tries));
    }
  }
  throw new StoreUnavailableError(`${POINTER_KEY} in ${store.url} was moved by others ${attempts} times in a row`);
}
