import type { PriceColumns } from "./price-columns.ts";

/**
 * Average true range (Wilder), in the prices' unit: alpha 1 / period, begun with a simple average.
 *
 * @returns n values; the first `period` are NaN
 * @see J. Welles Wilder, New Concepts in Technical Trading Systems (1978)
 */
export function atr({ high, low, close }: PriceColumns, period: number): Float64Array {
  const out = new Float64Array(close.length).fill(Number.NaN);
  let range = 0;
  for (let i = 1; i < close.length; i++) {
    const trueRange = Math.max(high[i], close[i - 1]) - Math.min(low[i], close[i - 1]);
    range += (trueRange - range) / Math.min(i, period);
    if (i >= period) out[i] = range;
  }
  return out;
}
