import type { PriceColumns } from "./price-columns.ts";
import { countUnchanged } from "./unchanged.ts";

/** Lambert's constant: about three quarters of the values then lie between -100 and 100. */
const LAMBERT = 0.015;

/**
 * Commodity channel index of the typical price, (high + low + close) / 3: its distance from the window's mean in units of
 * 0.015 mean absolute deviations; the first `period - 1` are NaN, as is a window in which it doesn't change.
 *
 * @see Donald Lambert, Commodity Channel Index, Commodities (1980)
 */
export function cci({ high, low, close }: PriceColumns, period: number): Float64Array {
  const n = close.length;
  const typical = new Float64Array(n);
  for (let i = 0; i < n; i++) typical[i] = (high[i] + low[i] + close[i]) / 3;
  const unchanged = countUnchanged(typical);
  const out = new Float64Array(n).fill(Number.NaN);
  for (let i = period - 1; i < n; i++) {
    if (unchanged[i] >= period) continue;
    let sum = 0;
    for (let j = i - period + 1; j <= i; j++) sum += typical[j];
    const mean = sum / period;
    let deviation = 0;
    for (let j = i - period + 1; j <= i; j++) deviation += Math.abs(typical[j] - mean);
    if (deviation > 0) out[i] = (typical[i] - mean) / ((LAMBERT * deviation) / period);
  }
  return out;
}
