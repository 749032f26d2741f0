import { atr } from "../indicators/average-true-range.ts";
import { logChange } from "../indicators/log-ratio.ts";
import { rollingRootMeanSquare } from "../indicators/rolling-mean.ts";
import { changes, input, overCandles, overColumn, rolling, shared } from "./column.ts";
import { ewmVolatility } from "./ewm-volatility.ts";

/* What more than one feature is made of. */

export const close = input((series) => series.close);
export const volume = input((series) => series.volume);
export const marketCap = input((series) => series.marketCap);

export const logReturns = shared(overColumn(changes(1), close, logChange));
/** Standard deviation of the one-candle log return, exponentially weighted. */
export const volatility = shared(overColumn(changes(20), close, ewmVolatility));
/** Standard deviation of the one-candle log return about zero, each candle weighing the same. */
export const longDeviation = shared(overColumn(rolling(60), logReturns, rollingRootMeanSquare));
export const averageTrueRange = shared(overCandles(changes(14), atr));
