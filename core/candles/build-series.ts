import type { Interval } from "../vocabulary/interval.ts";
import type { Candle } from "./candle.ts";
import { type CandleSeries, createSeries } from "./candle-series.ts";

/** A series from candles that are already ordered and unique by open time. */
export function seriesFromCandles(symbol: string, interval: Interval, candles: readonly Candle[]): CandleSeries {
  return createSeries(
    { symbol, interval },
    candles.map(({ source }) => source),
    (name) => Float64Array.from(candles, (candle) => candle[name] ?? Number.NaN),
  );
}
