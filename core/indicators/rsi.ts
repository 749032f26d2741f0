/**
 * Relative strength index by Wilder, 0 to 100: the share of gains in gains and losses, both smoothed with alpha
 * 1 / period and begun with the simple average of the first `period` changes.
 *
 * @param close n closing prices, oldest first
 * @returns n values; the first `period` are NaN, as are those before the first change of price
 * @see J. Welles Wilder, New Concepts in Technical Trading Systems (1978)
 */
export function rsi(close: Float64Array, period: number): Float64Array {
  const out = new Float64Array(close.length).fill(Number.NaN);
  let gain = 0;
  let loss = 0;
  for (let i = 1; i < close.length; i++) {
    const change = close[i] - close[i - 1];
    const weight = 1 / Math.min(i, period);
    gain += (Math.max(change, 0) - gain) * weight;
    loss += (Math.max(-change, 0) - loss) * weight;
    if (i >= period && gain + loss > 0) out[i] = (100 * gain) / (gain + loss);
  }
  return out;
}
