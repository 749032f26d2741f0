/**
 * Mean of the last `period` values. Each window is summed afresh, so that a NaN or a huge value leaves no trace once it
 * has left the window.
 *
 * @returns n values, NaN for the first `period - 1` and while a NaN is in the window
 */
export function rollingMean(values: Float64Array, period: number): Float64Array {
  const out = new Float64Array(values.length).fill(Number.NaN);
  for (let i = period - 1; i < values.length; i++) {
    let sum = 0;
    for (let j = i - period + 1; j <= i; j++) sum += values[j];
    out[i] = sum / period;
  }
  return out;
}

/** Root mean square of the last `period` values: a standard deviation about zero. Exactly 0 only if all of them are. */
export function rollingRootMeanSquare(values: Float64Array, period: number): Float64Array {
  const squares = values.map((value) => value * value);
  return rollingMean(squares, period).map(Math.sqrt);
}
