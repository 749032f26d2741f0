import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { encodeCandles } from "../../storage/candle-files/candle-file.ts";
import { publishedCandles } from "../../storage/candle-files/published-candles.ts";
import { partsOf } from "../../storage/layout.ts";
import { sha256Hex } from "../../storage/object-store/immutable.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import type { Served } from "./served.ts";

const known = new WeakMap<Served, ReadonlyMap<string, ObjectRef>>();

/** What predictions that are served were made from, by digest: candles, features, models and reports. Nothing else is given out. */
export function checkableObjects(served: Served): ReadonlyMap<string, ObjectRef> {
  const found = known.get(served);
  if (found) return found;
  const refs = [...served.symbols.values()].flatMap(({ entry: { candles, features, models, report } }) => [
    ...candles.objects,
    features,
    ...models.flatMap(({ file }) => file ?? []),
    ...(report ? [report] : []),
  ]);
  const objects = new Map(refs.map((ref) => [ref.sha256, ref]));
  known.set(served, objects);
  return objects;
}

/**
 * An object's bytes as they are stored, be they whole or not. A candle file may have been written again since: then it is made
 * again from what it holds now and what it held before.
 *
 * @returns null where it is gone
 */
export async function readCheckable(reader: ObjectReader, ref: ObjectRef): Promise<Uint8Array | null> {
  const stored = await reader.get(ref.key);
  if (!stored) return null;
  if (!partsOf("candles", ref.key) || sha256Hex(stored.bytes) === ref.sha256) return stored.bytes;
  const { series } = await publishedCandles(reader, stored.bytes, ref);
  return series && encodeCandles(series);
}
