import { candlesFromSeries, seriesFromCandles } from "./build-series.ts";
import type { Candle } from "./candle.ts";
import type { CandleSeries } from "./candle-series.ts";

export interface MergeResult {
  readonly series: CandleSeries;
  /** Candles new to the stored ones. */
  readonly added: number;
  /** Stored candles whose values were replaced. */
  readonly revised: number;
}

/**
 * The union of stored and fetched candles, each open time once: the newer fetch wins where values differ; equal values
 * keep the stored row, so that a refetch of the same data changes nothing. A known quote volume or market cap is never
 * replaced by an unknown one. The result does not depend on the order in which fetches are merged, unless a later fetch
 * goes back to the values of an earlier one, whose time then stays.
 */
export function mergeSeries(stored: CandleSeries, fetched: CandleSeries): MergeResult {
  const byTime = new Map(candlesFromSeries(stored).map((candle) => [candle.openTime, candle]));
  let added = 0;
  let revised = 0;
  for (const candle of candlesFromSeries(fetched)) {
    const known = byTime.get(candle.openTime);
    if (!known) {
      byTime.set(candle.openTime, candle);
      added++;
      continue;
    }
    const merged = mergeCandle(known, candle);
    if (merged !== known) {
      byTime.set(candle.openTime, merged);
      revised++;
    }
  }
  const candles = [...byTime.values()].sort((a, b) => a.openTime - b.openTime);
  return { series: seriesFromCandles(stored.symbol, stored.interval, candles), added, revised };
}

function mergeCandle(known: Candle, fetched: Candle): Candle {
  const newer = fetched.fetchedAt > known.fetchedAt ? fetched : known;
  const older = newer === fetched ? known : fetched;
  const best = { ...newer, quoteVolume: newer.quoteVolume ?? older.quoteVolume, marketCap: newer.marketCap ?? older.marketCap };
  return sameCandle(best, known) ? known : best;
}

function sameCandle(a: Candle, b: Candle): boolean {
  return (
    a.open === b.open &&
    a.high === b.high &&
    a.low === b.low &&
    a.close === b.close &&
    a.volume === b.volume &&
    a.quoteVolume === b.quoteVolume &&
    a.marketCap === b.marketCap &&
    a.source === b.source
  );
}
