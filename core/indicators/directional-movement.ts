import type { PriceColumns } from "./price-columns.ts";

/** Columns of n values, 0 to 100. */
export interface DirectionalMovement {
  readonly plusDi: Float64Array;
  readonly minusDi: Float64Array;
  readonly adx: Float64Array;
}

/**
 * Wilder's directional movement: +DI and -DI are the smoothed movements up and down over the smoothed true range, in
 * percent; ADX is the smoothed DX, |+DI - -DI| / (+DI + -DI). Smoothing has alpha 1 / period and begins with a simple
 * average.
 *
 * @returns columns of n values; ±DI are NaN for the first `period`, ADX for the first `2 × period - 1`. Where the smoothed
 * range is 0, ±DI are undefined; where neither side moved, DX is, and the ADX goes on from the last one that was defined
 * @see J. Welles Wilder, New Concepts in Technical Trading Systems (1978)
 */
export function directionalMovement({ high, low, close }: PriceColumns, period: number): DirectionalMovement {
  const n = close.length;
  const plusDi = new Float64Array(n).fill(Number.NaN);
  const minusDi = new Float64Array(n).fill(Number.NaN);
  const adx = new Float64Array(n).fill(Number.NaN);
  let range = 0;
  let plus = 0;
  let minus = 0;
  let strength = 0;
  let strengths = 0;
  for (let i = 1; i < n; i++) {
    const up = high[i] - high[i - 1];
    const down = low[i - 1] - low[i];
    const trueRange = Math.max(high[i], close[i - 1]) - Math.min(low[i], close[i - 1]);
    const weight = 1 / Math.min(i, period);
    range += (trueRange - range) * weight;
    plus += ((up > down && up > 0 ? up : 0) - plus) * weight;
    minus += ((down > up && down > 0 ? down : 0) - minus) * weight;
    if (i < period) continue;
    if (range > 0) {
      plusDi[i] = (100 * plus) / range;
      minusDi[i] = (100 * minus) / range;
    }
    if (!(plus + minus > 0)) continue;
    strengths++;
    strength += ((100 * Math.abs(plus - minus)) / (plus + minus) - strength) / Math.min(strengths, period);
    if (strengths >= period) adx[i] = strength;
  }
  return { plusDi, minusDi, adx };
}
