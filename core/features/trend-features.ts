import type { CandleSeries } from "../candles/candle-series.ts";
import { drawdown } from "../indicators/drawdown.ts";
import { hullLookback, hullMovingAverage } from "../indicators/hull-moving-average.ts";
import { logRatio } from "../indicators/log-ratio.ts";
import { ema, sma } from "../indicators/moving-averages.ts";
import { rollingRobustZ } from "../indicators/rolling-robust-z.ts";
import type { FeatureDefinition } from "./feature.ts";
import { bothWays, inVolatilities } from "./in-volatilities.ts";
import { directional } from "./shared-indicators.ts";

const drawdown90: FeatureDefinition = { name: "drawdown_90", lookback: 89, version: 1, compute: ({ close }) => drawdown(close, 90) };

/**
 * Where the price stands against its own past: close / moving average - 1 in units of volatility, directional movement,
 * drawdown, robust z.
 */
export const trendFeatures: readonly FeatureDefinition[] = [
  ...[10, 20, 50, 100].map((span) => averageRatio(`sma_ratio_${span}`, span - 1, (close) => sma(close, span))),
  ...[12, 26].map((span) => averageRatio(`ema_ratio_${span}`, span - 1, (close) => ema(close, span))),
  ...[9, 21, 55].map((span) => averageRatio(`hull_ratio_${span}`, hullLookback(span), (close) => hullMovingAverage(close, span))),
  { name: "adx_14", lookback: 27, version: 1, compute: (series) => directional(series).adx },
  { name: "plus_di_14", lookback: 14, version: 1, compute: (series) => directional(series).plusDi },
  { name: "minus_di_14", lookback: 14, version: 1, compute: (series) => directional(series).minusDi },
  ...bothWays(drawdown90),
  { name: "price_robust_z_61", lookback: 60, version: 1, compute: (series) => rollingRobustZ(relativeLogPrice(series), 61) },
];

/** Hull's average overshoots, to zero and below in a crash: there is no ratio then. */
function averageRatio(name: string, lookback: number, average: (close: Float64Array) => Float64Array): FeatureDefinition {
  const compute = ({ close }: CandleSeries) => {
    const out = average(close);
    for (let i = 0; i < out.length; i++) out[i] = out[i] > 0 ? close[i] / out[i] - 1 : Number.NaN;
    return out;
  };
  return inVolatilities({ name, lookback, version: 2, compute });
}

/** Against the first close, so that the currency's unit drops out before any rounding. */
function relativeLogPrice({ close }: CandleSeries): Float64Array {
  const out = new Float64Array(close.length);
  for (let i = 0; i < out.length; i++) out[i] = logRatio(close[i], close[0]);
  return out;
}
