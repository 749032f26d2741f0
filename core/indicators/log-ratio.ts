/** ln(value / reference), or NaN unless both are finite and positive. */
export function logRatio(value: number, reference: number): number {
  const usable = value > 0 && reference > 0 && value < Number.POSITIVE_INFINITY && reference < Number.POSITIVE_INFINITY;
  return usable ? Math.log(value / reference) : Number.NaN;
}

/** ln(values[t] / values[t - lag]); the first `lag` of n are NaN, as is every pair with a value that isn't finite and positive. */
export function logChange(values: Float64Array, lag: number): Float64Array {
  const out = new Float64Array(values.length).fill(Number.NaN);
  for (let i = lag; i < values.length; i++) out[i] = logRatio(values[i], values[i - lag]);
  return out;
}
