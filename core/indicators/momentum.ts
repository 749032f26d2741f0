/** Momentum: each value minus the one `period` candles before, in the values' unit; the first `period` of n are NaN. */
export function momentum(values: Float64Array, period: number): Float64Array {
  const out = new Float64Array(values.length).fill(Number.NaN);
  for (let i = period; i < values.length; i++) out[i] = values[i] - values[i - period];
  return out;
}

/** Rate of change in percent against the value `period` candles ago; the first `period` are NaN, as is a change from 0. */
export function roc(values: Float64Array, period: number): Float64Array {
  const out = new Float64Array(values.length).fill(Number.NaN);
  for (let i = period; i < values.length; i++) {
    if (values[i - period] !== 0) out[i] = (100 * (values[i] - values[i - period])) / values[i - period];
  }
  return out;
}
