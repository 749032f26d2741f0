import type { SymbolEntry } from "../../core/manifests/manifest.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { keyOf } from "../layout.ts";
import { putJson, readJson } from "../object-store/json-objects.ts";
import type { ObjectReader, ObjectStore } from "../object-store/object-store.ts";

/** What a run knew of a symbol before training. It is stored, so that histories carry only its reference. */
export interface Snapshot {
  readonly symbol: string;
  readonly source: string;
  readonly simulated: boolean;
  readonly candles: SymbolEntry["candles"];
  readonly features: ObjectRef;
}

/** Stores a snapshot beside the symbol's features; the same content has the same key. */
export function writeSnapshot(store: ObjectStore, snapshot: Snapshot): Promise<ObjectRef> {
  return putJson(store, (digest) => keyOf("snapshots", { symbol: snapshot.symbol, digest }), snapshot);
}

/** @throws {CorruptObjectError} if the snapshot is gone, or its bytes are not what the reference says */
export function readSnapshot(reader: ObjectReader, ref: ObjectRef): Promise<Snapshot> {
  return readJson<Snapshot>(reader, ref);
}
