/** `numerator / denominator` row by row, NaN where that is not finite. */
export function ratio(numerator: Float64Array, denominator: Float64Array): Float64Array {
  return numerator.map((value, i) => {
    const quotient = value / denominator[i];
    return Number.isFinite(quotient) ? quotient : Number.NaN;
  });
}
