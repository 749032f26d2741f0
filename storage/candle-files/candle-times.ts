import { sliceTimes } from "../../core/candles/series-verbs.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";
import type { TimeRange } from "../../core/vocabulary/time-range.ts";
import { kindOf, prefixOf } from "../layout.ts";
import type { ObjectReader } from "../object-store/object-store.ts";
import { decodeCandles } from "./candle-file.ts";
import { partitionKey } from "./partitions.ts";

/** When the stored candles of a range opened and when each was fetched, ordered by open time. */
export interface CandleTimes {
  readonly openTime: readonly number[];
  readonly fetchedAt: readonly number[];
}

/** Reads only the partitions of the range, one after the other, so that years of minute candles need little memory. */
export async function readCandleTimes(reader: ObjectReader, symbol: string, interval: Interval, range: TimeRange): Promise<CandleTimes> {
  const first = partitionKey(symbol, interval, range.from);
  const last = partitionKey(symbol, interval, range.to - 1);
  const openTime: number[] = [];
  const fetchedAt: number[] = [];
  for await (const { key } of reader.list(prefixOf("candles", { interval, symbol }))) {
    if (kindOf(key) !== "candles" || key < first || key > last) continue;
    const stored = await reader.get(key);
    if (!stored) continue;
    const candles = sliceTimes(await decodeCandles(stored.bytes, { key, symbol, interval }), range);
    openTime.push(...candles.openTime);
    fetchedAt.push(...candles.fetchedAt);
  }
  return { openTime, fetchedAt };
}
