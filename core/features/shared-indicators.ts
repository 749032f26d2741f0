import { atr } from "../indicators/average-true-range.ts";
import { bollingerBands } from "../indicators/bollinger-bands.ts";
import { directionalMovement } from "../indicators/directional-movement.ts";
import { logChange } from "../indicators/log-ratio.ts";
import { macd } from "../indicators/macd.ts";
import { rollingRootMeanSquare } from "../indicators/rolling-mean.ts";
import { stochastic } from "../indicators/stochastic.ts";
import { ewmVolatility } from "./ewm-volatility.ts";
import { perSeries } from "./per-series.ts";

/* What more than one feature is made of. */
export const logReturns = perSeries(({ close }) => logChange(close, 1));
export const volatilityOf = perSeries(({ close }) => ewmVolatility(close, 20));
/** Deviation of the last 60 log returns, about zero. */
export const longDeviation = perSeries((series) => rollingRootMeanSquare(logReturns(series), 60));
export const averageTrueRange = perSeries((series) => atr(series, 14));
export const directional = perSeries((series) => directionalMovement(series, 14));
export const macdOf = perSeries(({ close }) => macd(close));
export const stochasticOf = perSeries((series) => stochastic(series, 14, 3));
export const bollinger = perSeries(({ close }) => bollingerBands(close, 20));
