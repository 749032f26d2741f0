import { logRatio } from "./log-ratio.ts";
import { rollingMean } from "./rolling-mean.ts";

/**
 * Parkinson's volatility per candle, from the ranges alone: √(mean of ln(high / low)² / (4 ln 2)).
 *
 * @returns n values; the first `period - 1` are NaN
 * @see M. Parkinson, The Extreme Value Method for Estimating the Variance of the Rate of Return, Journal of Business 53 (1980)
 */
export function parkinsonVolatility(high: Float64Array, low: Float64Array, period: number): Float64Array {
  const squares = high.map((value, i) => logRatio(value, low[i]) ** 2);
  return rollingMean(squares, period).map((mean) => Math.sqrt(mean / (4 * Math.LN2)));
}
