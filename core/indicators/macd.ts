export interface MacdOptions {
  readonly fast?: number;
  readonly slow?: number;
  readonly signal?: number;
}

/** Columns of n values in the prices' unit. */
export interface Macd {
  readonly line: Float64Array;
  readonly signal: Float64Array;
  readonly histogram: Float64Array;
}

/**
 * Moving average convergence divergence: the fast minus the slow exponential average, its own exponential average as
 * the signal, and the difference of both. Each average begins with the simple one of its first values.
 *
 * @param close n closing prices, oldest first
 * @returns columns of n values; the line is NaN for the first `slow - 1`, signal and histogram for `signal - 1` more
 */
export function macd(close: Float64Array, { fast = 12, slow = 26, signal = 9 }: MacdOptions = {}): Macd {
  const slowAverage = exponentialAverage(close, slow, 0);
  const line = exponentialAverage(close, fast, 0).map((value, i) => value - slowAverage[i]);
  const signalLine = exponentialAverage(line, signal, slow - 1);
  return { line, signal: signalLine, histogram: line.map((value, i) => value - signalLine[i]) };
}

/** Begun at row `from`. The package's own loses its way where the first average is 0, which a MACD line's can be. */
function exponentialAverage(values: Float64Array, span: number, from: number): Float64Array {
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
