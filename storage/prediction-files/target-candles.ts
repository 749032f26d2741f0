import type { TargetCandle } from "../../core/scoring/outcome.ts";
import { intervalMs } from "../../core/vocabulary/interval.ts";
import { decodeCandles } from "../candle-files/candle-file.ts";
import { keyOf, partsOf, prefixOf } from "../layout.ts";
import type { ObjectReader } from "../object-store/object-store.ts";
import type { OutcomePlace } from "./outcome-store.ts";

/**
 * The stored candles of a place that had closed at a time (ms UTC), by their open time.
 *
 * @returns finds a candle; null where none is stored
 */
export async function readTargetCandles(
  reader: ObjectReader,
  place: OutcomePlace,
  asOf: number,
): Promise<(openTime: number) => TargetCandle | null> {
  const key = keyOf("candles", place);
  const stored = await reader.get(key);
  if (!stored) return () => null;
  const { openTime, close, fetchedAt, source } = await decodeCandles(stored.bytes, { key, ...place });
  const rows = new Map(Array.from(openTime, (time, row) => [time, row]));
  const step = intervalMs(place.interval);
  return (time) => {
    const row = time + step <= asOf ? rows.get(time) : undefined;
    return row === undefined ? null : { close: close[row], fetchedAt: fetchedAt[row], source: source[row] };
  };
}

/**
 * The places of an interval whose candle files were written at or after a time (ms, by the store's clock), and when the newest of all
 * was written.
 */
export async function changedCandles(
  reader: ObjectReader,
  interval: OutcomePlace["interval"],
  since: number,
): Promise<{ changed: OutcomePlace[]; newest: number }> {
  const changed: OutcomePlace[] = [];
  let newest = 0;
  for await (const { key, lastModified } of reader.list(prefixOf("candles", { interval }))) {
    const place = partsOf("candles", key);
    if (!place) continue;
    newest = Math.max(newest, lastModified);
    if (lastModified >= since) changed.push(place);
  }
  return { changed, newest };
}
