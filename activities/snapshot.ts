import type { SymbolEntry } from "../core/manifests/manifest.ts";
import { CorruptObjectError } from "../core/vocabulary/errors.ts";
import type { ObjectRef } from "../core/vocabulary/object-ref.ts";
import { getVerified, putImmutable, sha256Hex } from "../storage/object-store/immutable.ts";
import type { ObjectReader, ObjectStore } from "../storage/object-store/object-store.ts";

/** What a run knew of a symbol before training: kept beside the features, so that histories carry its reference only. */
export interface Snapshot {
  readonly symbol: string;
  readonly source: string;
  readonly simulated: boolean;
  readonly candles: SymbolEntry["candles"];
  readonly features: ObjectRef;
}

/** Stores a snapshot; the same content has the same key. */
export async function writeSnapshot(store: ObjectStore, snapshot: Snapshot): Promise<ObjectRef> {
  return putJson(store, (sha256) => `data/features/symbol=${snapshot.symbol}/${sha256}.json`, snapshot);
}

/** @throws {CorruptObjectError} if the bytes are not what the reference says */
export async function readSnapshot(reader: ObjectReader, ref: ObjectRef): Promise<Snapshot> {
  return readJson<Snapshot>(reader, ref);
}

/** Stores a value as JSON under a key made of its digest. */
export async function putJson(store: ObjectStore, key: (sha256: string) => string, value: unknown): Promise<ObjectRef> {
  const bytes = new TextEncoder().encode(`${JSON.stringify(value)}\n`);
  return putImmutable(store, key(sha256Hex(bytes)), bytes, null);
}

/** Reads what {@link putJson} stored: its digest is checked, so its shape is what this code wrote. */
export async function readJson<T>(reader: ObjectReader, ref: ObjectRef): Promise<T> {
  const bytes = await getVerified(reader, ref);
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as T;
  } catch (cause) {
    throw new CorruptObjectError(`${ref.key} is not JSON`, { cause });
  }
}
