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
  const window: number[] = [];
  let knownFrom = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      window.length = 0;
      knownFrom = i + 1;
      continue;
    }
    if (i - knownFrom >= period) window.splice(lowerBound(window, values[i - period]), 1);
    window.splice(lowerBound(window, values[i]), 0, values[i]);
    if (window.length < period) continue;
    const median = window[(period - 1) / 2];
    const deviation = medianDeviation(window, median);
    const largest = Math.max(Math.abs(window[0]), Math.abs(window[period - 1]));
    if (deviation > ROUNDING * largest) out[i] = (values[i] - median) / (NORMAL_CONSISTENCY * deviation);
  }
  return out;
}

/** First index of a sorted list whose value is not below `value`. */
function lowerBound(sorted: readonly number[], value: number): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle] < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Median of |value - median| over a sorted window of odd length: walks outwards from the middle, nearest first. */
function medianDeviation(sorted: readonly number[], median: number): number {
  const half = (sorted.length - 1) / 2;
  let below = half - 1;
  let above = half + 1;
  let deviation = 0;
  for (let rank = 0; rank < half; rank++) {
    const down = below >= 0 ? median - sorted[below] : Number.POSITIVE_INFINITY;
    const up = above < sorted.length ? sorted[above] - median : Number.POSITIVE_INFINITY;
    if (down <= up) {
      deviation = down;
      below--;
    } else {
      deviation = up;
      above++;
    }
  }
  return deviation;
}
