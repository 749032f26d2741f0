/** Makes the median absolute deviation of a normal distribution its standard deviation: 1 / Φ⁻¹(3/4). */
const NORMAL_CONSISTENCY = 1.4826022185056018;

/** Below this share of the largest value, a deviation is rounding, not movement. */
const ROUNDING = 1e-12;

/**
 * Robust z-score of each value within its last `period` values: (value - median) / (1.4826 × median absolute deviation).
 *
 * @param values n values, oldest first
 * @param period an odd number, so that the median is one of the values
 * @returns n values; NaN for the first `period - 1`, while a NaN is in the window, and where more than half of the
 * window is the same value, because it has no spread then
 */
export function rollingRobustZ(values: Float64Array, period: number): Float64Array {
  const out = new Float64Array(values.length).fill(Number.NaN);
  const window = new Float64Array(period);
  let held = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) {
      held = 0;
      continue;
    }
    if (held < period) insert(window, held++, value);
    else replace(window, values[i - period], value);
    if (held < period) continue;
    const median = window[(period - 1) / 2];
    const deviation = medianDeviation(window, median);
    const largest = Math.max(Math.abs(window[0]), Math.abs(window[period - 1]));
    if (deviation > ROUNDING * largest) out[i] = (value - median) / (NORMAL_CONSISTENCY * deviation);
  }
  return out;
}

/** Into the first `held` values, which are sorted. */
function insert(sorted: Float64Array, held: number, value: number): void {
  let at = held;
  for (; at > 0 && sorted[at - 1] > value; at--) sorted[at] = sorted[at - 1];
  sorted[at] = value;
}

/** Puts a new value in an old one's stead; only what lies between the two places moves. */
function replace(sorted: Float64Array, old: number, value: number): void {
  let at = lowerBound(sorted, old);
  for (; at > 0 && sorted[at - 1] > value; at--) sorted[at] = sorted[at - 1];
  for (; at + 1 < sorted.length && sorted[at + 1] < value; at++) sorted[at] = sorted[at + 1];
  sorted[at] = value;
}

/** First index of a sorted list whose value is not below `value`. */
function lowerBound(sorted: Float64Array, value: number): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle] < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Median of |value - median| over a sorted window of odd length: half of the window's values lie in the narrowest span about the median. */
function medianDeviation(sorted: Float64Array, median: number): number {
  const half = (sorted.length - 1) / 2;
  let from = 0;
  let to = half;
  // The span of half + 1 neighbours from `from` on: moved right while its left end is farther off than the value behind its right end.
  while (from < to) {
    const middle = (from + to) >> 1;
    if (median - sorted[middle] > sorted[middle + half + 1] - median) from = middle + 1;
    else to = middle;
  }
  return Math.max(median - sorted[from], sorted[from + half] - median);
}
