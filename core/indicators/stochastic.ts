import type { PriceColumns } from "./price-columns.ts";
import { rollingMax, rollingMin } from "./rolling-extremes.ts";
import { rollingMean } from "./rolling-mean.ts";

/**
 * Stochastic oscillator, in percent: %K is the place of the close between the lowest low and the highest high of the
 * window, %D its simple average over `signalPeriod`. Undefined where the window has no height.
 */
export function stochastic(prices: PriceColumns, period: number, signalPeriod: number): { k: Float64Array; d: Float64Array } {
  const k = placeInWindow(prices, period);
  for (let i = 0; i < k.length; i++) k[i] *= 100;
  return { k, d: rollingMean(k, signalPeriod) };
}

/** Williams %R, from -100 (close at the window's low) to 0; undefined where the window has no height. */
export function williamsR(prices: PriceColumns, period: number): Float64Array {
  const place = placeInWindow(prices, period);
  for (let i = 0; i < place.length; i++) place[i] = 100 * (place[i] - 1);
  return place;
}

/** 0 where the close is the lowest low of the last `period` candles, 1 where it is the highest high. */
function placeInWindow({ high, low, close }: PriceColumns, period: number): Float64Array {
  const top = rollingMax(high, period);
  const bottom = rollingMin(low, period);
  const out = new Float64Array(close.length).fill(Number.NaN);
  for (let i = 0; i < out.length; i++) if (top[i] > bottom[i]) out[i] = (close[i] - bottom[i]) / (top[i] - bottom[i]);
  return out;
}
