import type { Candle } from "../../core/candles/candle.ts";
import type { CandleSeries } from "../../core/candles/candle-series.ts";

/** A series as one object per candle, with null for unknown values: easy to compare and to build another series from. */
export function rowsOf(series: CandleSeries): Candle[] {
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
