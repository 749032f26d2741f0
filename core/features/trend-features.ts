import { directionalMovement } from "../indicators/directional-movement.ts";
import { drawdown } from "../indicators/drawdown.ts";
import { hullLookback, hullMovingAverage } from "../indicators/hull-moving-average.ts";
import { logRatio } from "../indicators/log-ratio.ts";
import { ema, sma } from "../indicators/moving-averages.ts";
import { rollingRobustZ } from "../indicators/rolling-robust-z.ts";
import { changes, followedBy, input, overCandles, overColumn, rolling, type Window } from "./column.ts";
import { defineFeature, type FeatureDefinition } from "./feature.ts";
import { bothWays, inVolatilities } from "./in-volatilities.ts";
import { perSeries } from "./per-series.ts";
import { close } from "./shared-columns.ts";
import { showChange, showDeviations, showNumber } from "./show-values.ts";

const DIRECTION = changes(14);
const directionOf = perSeries((series) => directionalMovement(series, DIRECTION.length));

/** Against the first close, so that the currency's unit drops out before any rounding. */
const relativeLogPrice = input(({ close }) => {
  const out = new Float64Array(close.length);
  for (let i = 0; i < out.length; i++) out[i] = logRatio(close[i], close[0]);
  return out;
});

const drawdown90 = defineFeature("drawdown", overColumn(rolling(90), close, drawdown), {
  label: (unit, length) => `distance from the ${length}-${unit} high`,
  show: showChange,
});

/**
 * Where the price stands against its own past: close / moving average − 1 in units of volatility, directional movement,
 * drawdown, robust z.
 */
export const trendFeatures: readonly FeatureDefinition[] = [
  ...[10, 20, 50, 100].map((length) => averageRatio("sma_ratio", "average", rolling(length), sma)),
  ...[12, 26].map((length) => averageRatio("ema_ratio", "exponential average", rolling(length), ema)),
  ...[9, 21, 55].map((length) => averageRatio("hull_ratio", "Hull average", hull(length), hullMovingAverage)),
  defineFeature(
    "adx",
    overCandles(followedBy(DIRECTION, rolling(DIRECTION.length)), (series) => directionOf(series).adx),
    {
      label: (_, length) => `trend strength (ADX ${length})`,
      show: showNumber,
    },
  ),
  defineFeature(
    "plus_di",
    overCandles(DIRECTION, (series) => directionOf(series).plusDi),
    {
      label: (_, length) => `upward movement (+DI ${length})`,
      show: showNumber,
    },
  ),
  defineFeature(
    "minus_di",
    overCandles(DIRECTION, (series) => directionOf(series).minusDi),
    {
      label: (_, length) => `downward movement (−DI ${length})`,
      show: showNumber,
    },
  ),
  ...bothWays(drawdown90),
  defineFeature("price_robust_z", overColumn(rolling(61), relativeLogPrice, rollingRobustZ), {
    label: (unit, length) => `close against its ${length}-${unit} median`,
    show: showDeviations,
  }),
];

function hull(length: number): Window {
  return { length, lookback: hullLookback(length) };
}

/** close / average − 1. Hull's average overshoots in a crash, down to zero and below: there is no ratio then. */
function averageRatio(
  name: string,
  words: string,
  window: Window,
  average: (close: Float64Array, length: number) => Float64Array,
): FeatureDefinition {
  const ratio = overColumn(window, close, (prices, length) => {
    const out = average(prices, length);
    for (let i = 0; i < out.length; i++) out[i] = out[i] > 0 ? prices[i] / out[i] - 1 : Number.NaN;
    return out;
  });
  return inVolatilities(
    defineFeature(name, ratio, { version: 2, label: (unit, length) => `close against its ${length}-${unit} ${words}`, show: showChange }),
  );
}
