import { utimesSync } from "node:fs";
import { join } from "node:path";
import type { Manifest } from "../../core/manifests/manifest.ts";
import { OWN_VERSION, sealVersion } from "../../core/manifests/seal-version.ts";
import { markStale } from "../../core/manifests/staleness.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { keyOf } from "../../storage/layout.ts";
import { getVerified, putImmutable, sha256Hex } from "../../storage/object-store/immutable.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { namedObjects } from "../../storage/registry/named-objects.ts";
import { sampleManifest } from "../manifests/sample-manifest.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

export interface RunObjects {
  readonly features: ObjectRef;
  readonly evaluation: ObjectRef;
  readonly file: ObjectRef;
  readonly report: ObjectRef;
  /** Only the run names it, never a manifest. */
  readonly snapshot: ObjectRef;
}

/** Stores what a run stores before it publishes. The same content gives the same objects. */
export async function putRunObjects(store: ObjectStore, content: string): Promise<RunObjects> {
  const put = (key: (digest: string) => string, text: string) => putImmutable(store, key(sha256Hex(bytes(text))), bytes(text), null);
  return {
    features: await put((digest) => keyOf("features", { symbol: "BTC", digest }), `features ${content}`),
    evaluation: await put((digest) => keyOf("evaluations", { digest }), `evaluation ${content}`),
    file: await put((digest) => keyOf("models", { digest }), `model ${content}`),
    report: await put((digest) => keyOf("reports", { digest }), `report ${content}`),
    snapshot: await put((digest) => keyOf("snapshots", { symbol: "BTC", digest }), `snapshot ${content}`),
  };
}

/** The manifest that a run makes after another one, with its own entry for BTC, or the former entry marked stale. */
export function runManifest(
  runId: string,
  createdAt: number,
  previous: Manifest | null,
  objects: Omit<RunObjects, "snapshot"> | null,
): Manifest {
  const sample = sampleManifest(runId, previous);
  const { BTC } = sample.symbols;
  const own = objects && {
    ...BTC,
    since: OWN_VERSION,
    features: objects.features,
    evaluation: objects.evaluation,
    report: objects.report,
    models: BTC.models.map((model) => ({ ...model, file: objects.file })),
  };
  const entry = own ?? markStale(previous?.symbols.BTC ?? BTC, { code: "run_failed", error: "no answer" });
  return sealVersion({ ...sample, createdAt: new Date(createdAt).toISOString(), symbols: { BTC: entry } });
}

/** @throws {CorruptObjectError} naming the first object of a manifest that is gone, or is not what its reference says */
export async function assertWhole(store: ObjectStore, manifest: Manifest): Promise<void> {
  for (const ref of namedObjects(manifest)) await getVerified(store, ref);
}

/** Makes every object of a `file:` store as old as if it had been written at a time. */
export async function ageAll(store: ObjectStore, folder: string, time: number): Promise<void> {
  for await (const { key } of store.list("")) age(folder, key, time);
}

/** Synchronous, so that nothing else happens in this process meanwhile. */
export function age(folder: string, key: string, time: number): void {
  try {
    utimesSync(join(folder, key), time / 1000, time / 1000);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
