import { utimesSync } from "node:fs";
import { join } from "node:path";
import { encodeManifest } from "../../core/manifests/encode-manifest.ts";
import type { Manifest } from "../../core/manifests/manifest.ts";
import { manifestVersion } from "../../core/manifests/manifest-version.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { putImmutable, sha256Hex } from "../../storage/object-store/immutable.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { sampleManifest } from "../manifests/sample-manifest.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

export interface RunObjects {
  readonly features: ObjectRef;
  readonly evaluation: ObjectRef;
  readonly file: ObjectRef;
  readonly report: ObjectRef;
  /** Named by the run only, never by a manifest. */
  readonly snapshot: ObjectRef;
}

/** Stores what a run stores before it publishes. The same content gives the same objects. */
export async function putRunObjects(store: ObjectStore, content: string): Promise<RunObjects> {
  const put = (key: (sha256: string) => string, text: string) => putImmutable(store, key(sha256Hex(bytes(text))), bytes(text), null);
  return {
    features: await put((sha256) => `data/features/symbol=BTC/${sha256}.arrow`, `features ${content}`),
    evaluation: await put((sha256) => `evaluations/${sha256}.parquet`, `evaluation ${content}`),
    file: await put((sha256) => `models/${sha256}.json`, `model ${content}`),
    report: await put((sha256) => `reports/${sha256}.json`, `report ${content}`),
    snapshot: await put((sha256) => `data/features/symbol=BTC/${sha256}.json`, `snapshot ${content}`),
  };
}

/** The manifest of a run of a given time over the one before, with an entry of its own, or the former one kept as stale. */
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
    since: "",
    features: objects.features,
    evaluation: objects.evaluation,
    report: objects.report,
    models: BTC.models.map((model) => ({ ...model, file: objects.file })),
  };
  const entry = own ?? { ...(previous?.symbols.BTC ?? BTC), status: "stale" as const, staleReason: "no answer" };
  const content = { ...sample, version: "", createdAt: new Date(createdAt).toISOString(), symbols: { BTC: entry } };
  const version = manifestVersion(createdAt, sha256Hex(encodeManifest(content)));
  return { ...content, version, symbols: { BTC: own ? { ...own, since: version } : entry } };
}

/** Makes every object of a `file:` store as old as if it had been written at a time. */
export async function ageAll(store: ObjectStore, folder: string, time: number): Promise<void> {
  for await (const { key } of store.list("")) age(folder, key, time);
}

/** At once: nothing else happens in this process meanwhile. */
export function age(folder: string, key: string, time: number): void {
  try {
    utimesSync(join(folder, key), time / 1000, time / 1000);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
