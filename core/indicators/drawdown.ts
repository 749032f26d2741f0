import { rollingMax } from "./rolling-extremes.ts";

/** Close over the highest close of the last `period` candles, minus 1: 0 at the top, negative below; the first `period - 1` are NaN. */
export function drawdown(close: Float64Array, period: number): Float64Array {
  const top = rollingMax(close, period);
  return close.map((price, i) => price / top[i] - 1);
}
