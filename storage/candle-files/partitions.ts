import { candlesFromSeries, seriesFromCandles } from "../../core/candles/build-series.ts";
import type { Candle } from "../../core/candles/candle.ts";
import type { CandleSeries } from "../../core/candles/candle-series.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";

/** Folder of all files of a symbol's candles. */
export function candleFolder(symbol: string, interval: Interval): string {
  return `data/candles/interval=${interval}/symbol=${symbol}/`;
}

/** The file that a candle belongs to: year files for 1d, month files for 1h, day files for 1m. Keys sort by time. */
export function partitionKey(symbol: string, interval: Interval, openTime: number): string {
  const day = new Date(openTime).toISOString().slice(0, 10);
  const name = { "1d": `year=${day.slice(0, 4)}`, "1h": `month=${day.slice(0, 7)}`, "1m": `day=${day}` }[interval];
  return `${candleFolder(symbol, interval)}${name}.parquet`;
}

/** Where the superseded versions of a partition's candles are kept: outside of the folder that has one row per candle. */
export function revisionKey(partition: string): string {
  return partition.replace(/^data\/candles\//, "data/revisions/");
}

/** A series cut into its partitions, in the order of time. */
export function partitionsOf(series: CandleSeries): Map<string, CandleSeries> {
  const parts = new Map<string, Candle[]>();
  for (const candle of candlesFromSeries(series)) {
    const key = partitionKey(series.symbol, series.interval, candle.openTime);
    const part = parts.get(key);
    if (part) part.push(candle);
    else parts.set(key, [candle]);
  }
  return new Map([...parts].map(([key, candles]) => [key, seriesFromCandles(series.symbol, series.interval, candles)]));
}
