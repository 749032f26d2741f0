import type { CandleSeries } from "./candle-series.ts";

/** The first `length` candles of a series; the columns share its memory. */
export function truncateSeries(series: CandleSeries, length: number): CandleSeries {
  const cut = (column: Float64Array) => column.subarray(0, length);
  return {
    symbol: series.symbol,
    interval: series.interval,
    length,
    openTime: cut(series.openTime),
    open: cut(series.open),
    high: cut(series.high),
    low: cut(series.low),
    close: cut(series.close),
    volume: cut(series.volume),
    quoteVolume: cut(series.quoteVolume),
    marketCap: cut(series.marketCap),
    source: series.source.slice(0, length),
    fetchedAt: cut(series.fetchedAt),
  };
}
