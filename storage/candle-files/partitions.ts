import type { CandleSeries } from "../../core/candles/candle-series.ts";
import { partitionSeries } from "../../core/candles/series-verbs.ts";
import { InvalidInputError } from "../../core/vocabulary/errors.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";
import { keyOf, partsOf, periodOf } from "../layout.ts";

/** Key of the file that a candle belongs to. A symbol's keys sort by time. */
export function partitionKey(symbol: string, interval: Interval, openTime: number): string {
  return keyOf("candles", { interval, symbol, period: periodOf(interval, openTime) });
}

/**
 * Key of the file with the superseded versions of a candle file's candles.
 *
 * @throws {InvalidInputError} if the key is not that of a candle file
 */
export function revisionKey(candleKey: string): string {
  const parts = partsOf("candles", candleKey);
  if (!parts) throw new InvalidInputError(`${candleKey} is not the key of a candle file`);
  return keyOf("revisions", parts);
}

/** A series cut into its partitions, in the order of time. */
export function partitionsOf(series: CandleSeries): Map<string, CandleSeries> {
  return partitionSeries(series, (openTime) => partitionKey(series.symbol, series.interval, openTime));
}
