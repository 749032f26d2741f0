import type { Interval } from "../vocabulary/interval.ts";
import type { Candle } from "./candle.ts";
import type { CandleSeries } from "./candle-series.ts";

/** Columns from candles that are ordered and unique by open time already. */
export function seriesFromCandles(symbol: string, interval: Interval, candles: readonly Candle[]): CandleSeries {
  const column = (value: (candle: Candle) => number | null) => Float64Array.from(candles, (candle) => value(candle) ?? Number.NaN);
  return {
    symbol,
    interval,
    length: candles.length,
    openTime: column((candle) => candle.openTime),
    open: column((candle) => candle.open),
    high: column((candle) => candle.high),
    low: column((candle) => candle.low),
    close: column((candle) => candle.close),
    volume: column((candle) => candle.volume),
    quoteVolume: column((candle) => candle.quoteVolume),
    marketCap: column((candle) => candle.marketCap),
    source: candles.map((candle) => candle.source),
    fetchedAt: column((candle) => candle.fetchedAt),
  };
}

/** The reverse of {@link seriesFromCandles}. */
export function candlesFromSeries(series: CandleSeries): Candle[] {
  const known = (value: number) => (Number.isNaN(value) ? null : value);
  return Array.from({ length: series.length }, (_, i) => ({
    openTime: series.openTime[i],
    open: series.open[i],
    high: series.high[i],
    low: series.low[i],
    close: series.close[i],
    volume: series.volume[i],
    quoteVolume: known(series.quoteVolume[i]),
    marketCap: known(series.marketCap[i]),
    source: series.source[i],
    fetchedAt: series.fetchedAt[i],
  }));
}
