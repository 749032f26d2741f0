import { logRatio } from "../indicators/log-ratio.ts";

/**
 * Standard deviation of the one-candle log return, exponentially weighted about a mean of zero: alpha 2 / (span + 1), the
 * weights divided by their sum, so that the first values are not too small.
 *
 * @param close n closing prices in quote currency, oldest first
 * @param span in candles, at least 1
 * @returns n values, per candle, never 0: NaN for the first `span`, and where the last `span` candles left the price unchanged
 */
export function ewmVolatility(close: Float64Array, span = 20): Float64Array {
  const keep = 1 - 2 / (span + 1);
  const out = new Float64Array(close.length).fill(Number.NaN);
  let weighted = 0;
  let weights = 0;
  let lastChange = Number.NEGATIVE_INFINITY;
  for (let i = 1; i < close.length; i++) {
    const logReturn = logRatio(close[i], close[i - 1]);
    if (Number.isNaN(logReturn)) continue;
    weighted = weighted * keep + logReturn * logReturn;
    weights = weights * keep + 1;
    if (logReturn !== 0) lastChange = i;
    if (i >= span && i - lastChange < span) out[i] = Math.sqrt(weighted / weights);
  }
  return out;
}
