/** Highs, lows and closes of n candles, oldest first; a candle series is one. */
export interface PriceColumns {
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
}
