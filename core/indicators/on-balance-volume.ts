/**
 * On-balance volume: the running sum of the volume, added where the close rose, taken away where it fell. It begins with
 * 0, so only differences within a window mean anything.
 *
 * @param close n closing prices, oldest first
 * @param volume n volumes
 * @returns n values in the volume's unit; NaN at unknown volumes, which the sum passes over
 */
export function onBalanceVolume(close: Float64Array, volume: Float64Array): Float64Array {
  let sum = 0;
  return close.map((price, i) => {
    if (!Number.isFinite(volume[i])) return Number.NaN;
    if (i > 0 && price !== close[i - 1]) sum += price > close[i - 1] ? volume[i] : -volume[i];
    return sum;
  });
}
