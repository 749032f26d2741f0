import { ema } from "./moving-averages.ts";

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
  const line = difference(ema(close, fast), ema(close, slow));
  const signalLine = ema(line, signal, slow - 1);
  return { line, signal: signalLine, histogram: difference(line, signalLine) };
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < out.length; i++) out[i] = a[i] - b[i];
  return out;
}
