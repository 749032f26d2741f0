import { rollingMean } from "./rolling-mean.ts";

/** Simple moving average; the first `period - 1` of n values are NaN. */
export const sma = rollingMean;

/**
 * Exponential moving average, alpha 2 / (span + 1), begun with the simple average of the first `span` values.
 *
 * @param from the row that it begins at
 * @returns n values; the first `from + span - 1` are NaN
 */
export function ema(values: Float64Array, span: number, from = 0): Float64Array {
  const out = new Float64Array(values.length).fill(Number.NaN);
  const alpha = 2 / (span + 1);
  let average = 0;
  for (let i = from; i < values.length; i++) {
    const seen = i - from + 1;
    average += (values[i] - average) * (seen <= span ? 1 / seen : alpha);
    if (seen >= span) out[i] = average;
  }
  return out;
}

/**
 * Linearly weighted moving average, the newest value weighing most. Each window is summed afresh, four windows side by side,
 * because a sum waits for its last addition.
 *
 * @returns n values; the first `period - 1` are NaN
 */
export function wma(values: Float64Array, period: number): Float64Array {
  const n = values.length;
  const out = new Float64Array(n).fill(Number.NaN);
  const weights = (period * (period + 1)) / 2;
  let i = period - 1;
  for (; i + 3 < n; i += 4) {
    const start = i - period + 1;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let k = 0; k < period; k++) {
      const weight = k + 1;
      a += values[start + k] * weight;
      b += values[start + k + 1] * weight;
      c += values[start + k + 2] * weight;
      d += values[start + k + 3] * weight;
    }
    out[i] = a / weights;
    out[i + 1] = b / weights;
    out[i + 2] = c / weights;
    out[i + 3] = d / weights;
  }
  for (; i < n; i++) {
    let sum = 0;
    for (let k = 0; k < period; k++) sum += values[i - period + 1 + k] * (k + 1);
    out[i] = sum / weights;
  }
  return out;
}
