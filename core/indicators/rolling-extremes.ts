/**
 * Highest of the last `period` values.
 *
 * @returns n values, NaN for the first `period - 1` and while a NaN is in the window
 */
export function rollingMax(values: Float64Array, period: number): Float64Array {
  return rollingExtreme(values, period, 1);
}

/** Lowest of the last `period` values, as {@link rollingMax}. */
export function rollingMin(values: Float64Array, period: number): Float64Array {
  return rollingExtreme(values, period, -1);
}

/**
 * Monotonic queue: every index enters and leaves once, so the cost is O(n) whatever the period.
 *
 * @param sign 1 for the highest, −1 for the lowest
 */
function rollingExtreme(values: Float64Array, period: number, sign: 1 | -1): Float64Array {
  const out = new Float64Array(values.length).fill(Number.NaN);
  const queue = new Int32Array(values.length);
  let head = 0;
  let tail = 0;
  let knownFrom = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (Number.isNaN(value)) {
      head = tail;
      knownFrom = i + 1;
      continue;
    }
    while (tail > head && sign * value >= sign * values[queue[tail - 1]]) tail--;
    queue[tail++] = i;
    if (queue[head] <= i - period) head++;
    if (i - knownFrom >= period - 1) out[i] = values[queue[head]];
  }
  return out;
}
