/** Momentum: each value minus the one `period` candles before, in the values' unit; the first `period` of n are NaN. */
export function momentum(values: Float64Array, period: number): Float64Array {
  return values.map((value, i) => (i < period ? Number.NaN : value - values[i - period]));
}
