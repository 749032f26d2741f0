import { wma } from "./moving-averages.ts";

/** Candles before the first value of {@link hullMovingAverage}. */
export function hullLookback(period: number): number {
  return period + Math.round(Math.sqrt(period)) - 2;
}

/**
 * Hull moving average: WMA(2 × WMA(period / 2) - WMA(period), √period), with period / 2 rounded down, √period to the nearest.
 *
 * @param values n values, oldest first
 * @returns n values; the first `period + √period - 2` are NaN
 * @see Alan Hull, https://alanhull.com/hull-moving-average
 */
export function hullMovingAverage(values: Float64Array, period: number): Float64Array {
  const slow = wma(values, period);
  const raw = wma(values, Math.floor(period / 2));
  for (let i = 0; i < raw.length; i++) raw[i] = 2 * raw[i] - slow[i];
  const out = new Float64Array(values.length).fill(Number.NaN);
  if (values.length >= period) out.set(wma(raw.subarray(period - 1), Math.round(Math.sqrt(period))), period - 1);
  return out;
}
