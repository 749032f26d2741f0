import type { Interval } from "../vocabulary/interval.ts";

/**
 * Candles of one symbol, columnar: every column has `length` values, ordered and unique by open time, all closed.
 * Unknown quote volume or market cap is NaN here, null in a file, never 0.
 */
export interface CandleSeries {
  readonly symbol: string;
  readonly interval: Interval;
  readonly length: number;
  /** ms since the epoch, UTC */
  readonly openTime: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  /** base units */
  readonly volume: Float64Array;
  readonly quoteVolume: Float64Array;
  readonly marketCap: Float64Array;
  readonly source: readonly string[];
  /** ms since the epoch, UTC */
  readonly fetchedAt: Float64Array;
}
