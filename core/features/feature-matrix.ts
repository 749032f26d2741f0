import type { Interval } from "../vocabulary/interval.ts";

/**
 * Features of one symbol: n rows, one per candle, as long as the candle series; NaN while a feature warms up.
 * `close` and `volatility` go along so that a target can be formed and scaled without the candles.
 */
export interface FeatureMatrix {
  readonly symbol: string;
  readonly interval: Interval;
  /** Name and digest of the feature set that computed it. */
  readonly featureSet: { readonly name: string; readonly digest: string };
  /** n open times, ms UTC */
  readonly openTime: Float64Array;
  /** n closing prices */
  readonly close: Float64Array;
  /** n standard deviations of the one-candle log return (EWM, span 20); NaN while warming up */
  readonly volatility: Float64Array;
  /** names of the columns */
  readonly names: readonly string[];
  /** one column per name, n values each */
  readonly columns: readonly Float64Array[];
}
