import type { CandleSeries } from "../candles/candle-series.ts";
import type { FeatureDefinition } from "./feature.ts";
import { bothWays } from "./in-volatilities.ts";
import { ratio } from "./ratio.ts";

/**
 * Body and shadows of a candle, relative to its close, and in units of volatility. One source's open lies outside [low, high] at times: the candle's
 * range is widened to hold it, so that no shadow is negative.
 */
export const candleShapeFeatures: readonly FeatureDefinition[] = [
  shape("candle_body", ({ open, close }, i) => close[i] - open[i]),
  shape("upper_shadow", ({ open, high, close }, i) => Math.max(0, high[i] - Math.max(open[i], close[i]))),
  shape("lower_shadow", ({ open, low, close }, i) => Math.max(0, Math.min(open[i], close[i]) - low[i])),
].flatMap(bothWays);

function shape(name: string, length: (series: CandleSeries, row: number) => number): FeatureDefinition {
  const compute = (series: CandleSeries) => {
    const lengths = new Float64Array(series.length);
    for (let i = 0; i < lengths.length; i++) lengths[i] = length(series, i);
    return ratio(lengths, series.close);
  };
  return { name, lookback: 0, version: 1, compute };
}
