import { PreconditionFailedError, SeriesMismatchError } from "../../core/vocabulary/errors.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";
import { currentKey, formerPrefixOf, keyOf, partsOf } from "../layout.ts";
import type { ObjectReader, ObjectStore } from "../object-store/object-store.ts";
import { decodeCandles, decodeRevisions } from "./candle-file.ts";
import { addRevisions, readRevisions, upsertCandles } from "./candle-store.ts";

/**
 * - moved: its bytes are now under the current key
 * - joined: its rows were added to the file that was already under the current key
 * - refused: its candles are not those of the coin under the current key; it stays where it is
 */
export type Migration = "moved" | "joined" | "refused";

export interface MigratedFile {
  readonly key: string;
  readonly to: string;
  readonly done: Migration;
  /** why it was refused; null else */
  readonly why: string | null;
}

/** The keys of candle and revision files that still lie under former keys; revisions first, because they are read after candles. */
export async function* formerFiles(store: ObjectReader): AsyncGenerator<string> {
  for (const kind of ["revisions", "candles"] as const) {
    for await (const { key } of store.list(formerPrefixOf(kind) ?? "")) if (currentKey(key) !== key) yield key;
  }
}

/**
 * Brings a file under its current key. What was under the former key is removed last, and a file that is already there is joined
 * row by row, so that a killed migration loses nothing and can be run again.
 *
 * @param store the store without its former keys
 */
export async function migrateFile(store: ObjectStore, key: string): Promise<MigratedFile> {
  const to = currentKey(key);
  const stored = await store.get(key);
  if (!stored) return { key, to, done: "moved", why: null };
  const isNew = await putNew(store, to, stored.bytes);
  if (!isNew && !same((await store.get(to))?.bytes, stored.bytes)) {
    try {
      await join(store, key, stored.bytes);
    } catch (error) {
      if (!(error instanceof SeriesMismatchError)) throw error;
      return { key, to, done: "refused", why: error.message };
    }
  }
  await store.delete(key);
  return { key, to, done: isNew ? "moved" : "joined", why: null };
}

/** @returns whether it was stored; false if there is such an object already */
async function putNew(store: ObjectStore, key: string, bytes: Uint8Array): Promise<boolean> {
  try {
    await store.put(key, bytes, { ifAbsent: true });
    return true;
  } catch (error) {
    if (!(error instanceof PreconditionFailedError)) throw error;
    return false;
  }
}

async function join(store: ObjectStore, key: string, bytes: Uint8Array): Promise<void> {
  const candles = partsOf("candles", key);
  const { symbol, interval, period } = candles ?? (partsOf("revisions", key) as { symbol: string; interval: Interval; period: string });
  const place = { key, symbol, interval };
  if (candles) {
    await upsertCandles(store, await decodeCandles(bytes, place));
    return;
  }
  const candleKey = keyOf("candles", { interval, symbol, period });
  await addRevisions(store, candleKey, await readRevisions(store, candleKey, symbol, interval), await decodeRevisions(bytes, place));
}

function same(left: Uint8Array | undefined, right: Uint8Array): boolean {
  return left !== undefined && Buffer.compare(left, right) === 0;
}
