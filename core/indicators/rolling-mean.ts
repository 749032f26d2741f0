/**
 * Mean of the last `period` values. Each window is summed afresh, so that a NaN or a huge value leaves no trace once it
 * has left the window; four windows side by side, because a sum waits for its last addition.
 *
 * @returns n values, NaN for the first `period - 1` and while a NaN is in the window
 */
export function rollingMean(values: Float64Array, period: number): Float64Array {
  const n = values.length;
  const out = new Float64Array(n).fill(Number.NaN);
  let i = period - 1;
  for (; i + 3 < n; i += 4) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let j = i - period + 1; j <= i; j++) {
      a += values[j];
      b += values[j + 1];
      c += values[j + 2];
      d += values[j + 3];
    }
    out[i] = a / period;
    out[i + 1] = b / period;
    out[i + 2] = c / period;
    out[i + 3] = d / period;
  }
  for (; i < n; i++) {
    let sum = 0;
    for (let j = i - period + 1; j <= i; j++) sum += values[j];
    out[i] = sum / period;
  }
  return out;
}

/** Root mean square of the last `period` values: a standard deviation about zero. Exactly 0 only if all of them are. */
export function rollingRootMeanSquare(values: Float64Array, period: number): Float64Array {
  const squares = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) squares[i] = values[i] * values[i];
  const out = rollingMean(squares, period);
  for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(out[i]);
  return out;
}
