/** ln(value / reference), or NaN unless both are finite and positive. */
export function logRatio(value: number, reference: number): number {
  const usable = value > 0 && reference > 0 && Number.isFinite(value) && Number.isFinite(reference);
  return usable ? Math.log(value / reference) : Number.NaN;
}

/** ln(values[t] / values[t - lag]); the first `lag` of n are NaN, as is every pair with a value that isn't finite and positive. */
export function logChange(values: Float64Array, lag: number): Float64Array {
  return values.map((value, i) => (i < lag ? Number.NaN : logRatio(value, values[i - lag])));
}
