/** `numerator / denominator` row by row, NaN where that is not finite. */
export function ratio(numerator: Float64Array, denominator: Float64Array): Float64Array {
  const out = new Float64Array(numerator.length);
  for (let i = 0; i < out.length; i++) {
    const quotient = numerator[i] / denominator[i];
    out[i] = Number.isFinite(quotient) ? quotient : Number.NaN;
  }
  return out;
}
