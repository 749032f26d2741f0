import type { CandleSeries } from "../candles/candle-series.ts";
import { type Column, input, inUnitsOf } from "./column.ts";
import { defineFeature, type FeatureDefinition } from "./feature.ts";
import { bothWays } from "./in-volatilities.ts";
import { close } from "./shared-columns.ts";
import { showChange, showShare } from "./show-values.ts";

/**
 * Body and shadows of a candle, relative to its close, and in units of volatility. In one source the open lies outside
 * [low, high] at times; the candle's range is then widened to include it, so that no shadow is negative.
 */
export const candleShapeFeatures: readonly FeatureDefinition[] = [
  defineFeature("candle_body", overClose(body), { label: () => "body of the last candle", show: showChange }),
  defineFeature("upper_shadow", overClose(upperShadow), { label: () => "upper shadow of the last candle", show: showShare }),
  defineFeature("lower_shadow", overClose(lowerShadow), { label: () => "lower shadow of the last candle", show: showShare }),
].flatMap(bothWays);

function overClose(lengthOf: (series: CandleSeries, row: number) => number): Column {
  const lengths = input((series) => {
    const out = new Float64Array(series.length);
    for (let i = 0; i < out.length; i++) out[i] = lengthOf(series, i);
    return out;
  });
  return inUnitsOf(lengths, close);
}

function body({ open, close }: CandleSeries, row: number): number {
  return close[row] - open[row];
}

function upperShadow({ open, high, close }: CandleSeries, row: number): number {
  return Math.max(0, high[row] - Math.max(open[row], close[row]));
}

function lowerShadow({ open, low, close }: CandleSeries, row: number): number {
  return Math.max(0, Math.min(open[row], close[row]) - low[row]);
}
