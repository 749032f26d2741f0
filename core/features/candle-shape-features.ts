import type { CandleSeries } from "../candles/candle-series.ts";
import type { FeatureDefinition } from "./feature.ts";
import { ratio } from "./ratio.ts";

/**
 * Body and shadows of a candle, relative to its close. One source's open lies outside [low, high] at times: the candle's
 * range is widened to hold it, so that no shadow is negative.
 */
export const candleShapeFeatures: readonly FeatureDefinition[] = [
  shape("candle_body", ({ open, close }) => close.map((price, i) => price - open[i])),
  shape("upper_shadow", ({ open, high, close }) => high.map((top, i) => Math.max(0, top - Math.max(open[i], close[i])))),
  shape("lower_shadow", ({ open, low, close }) => low.map((bottom, i) => Math.max(0, Math.min(open[i], close[i]) - bottom))),
];

function shape(name: string, length: (series: CandleSeries) => Float64Array): FeatureDefinition {
  return { name, lookback: 0, version: 1, compute: (series) => ratio(length(series), series.close) };
}
