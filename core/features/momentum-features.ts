import { cci } from "../indicators/commodity-channel-index.ts";
import { type Macd, macd } from "../indicators/macd.ts";
import { momentum, roc } from "../indicators/momentum.ts";
import { rsi } from "../indicators/rsi.ts";
import { stochastic, williamsR } from "../indicators/stochastic.ts";
import { changes, followedBy, inUnitsOf, overCandles, overColumn, rolling, type Window, withoutLengths } from "./column.ts";
import { defineFeature, type FeatureDefinition } from "./feature.ts";
import { bothWays } from "./in-volatilities.ts";
import { perSeries } from "./per-series.ts";
import { averageTrueRange, close } from "./shared-columns.ts";
import { showChange, showNumber, showPercent } from "./show-values.ts";

const FAST = rolling(12);
const SLOW = rolling(26);
const SIGNAL = rolling(9);
const macdOf = perSeries((series) => macd(series.close, { fast: FAST.length, slow: SLOW.length, signal: SIGNAL.length }));

const K = rolling(14);
const SMOOTHED = rolling(3);
const stochasticOf = perSeries((series) => stochastic(series, K.length, SMOOTHED.length));

/**
 * How fast the price moves: RSI, MACD over the close (also in units of volatility), oscillators within the recent range,
 * rate of change, and momentum in units of the average true range. Williams %R looks back twice as far as %K, because it
 * would be a copy of it otherwise.
 */
export const momentumFeatures: readonly FeatureDefinition[] = [
  ...[7, 14].map((length) =>
    defineFeature("rsi", overColumn(changes(length), close, rsi), { label: (_, period) => `RSI ${period}`, show: showNumber }),
  ),
  ...[
    macdOverClose("line", SLOW),
    macdOverClose("signal", followedBy(SLOW, SIGNAL)),
    macdOverClose("histogram", followedBy(SLOW, SIGNAL)),
  ].flatMap(bothWays),
  defineFeature(
    "stochastic_k",
    overCandles(K, (series) => stochasticOf(series).k),
    {
      label: (_, period) => `stochastic %K ${period}`,
      show: showNumber,
    },
  ),
  defineFeature(
    "stochastic_d",
    overCandles(followedBy(K, SMOOTHED), (series) => stochasticOf(series).d),
    {
      label: (_, period) => `stochastic %D ${period}`,
      show: showNumber,
    },
  ),
  defineFeature("williams_r", overCandles(rolling(28), williamsR), {
    version: 2,
    label: (_, period) => `Williams %R ${period}`,
    show: showNumber,
  }),
  defineFeature("cci", overCandles(rolling(20), cci), {
    version: 2,
    label: (_, period) => `commodity channel index (CCI ${period})`,
    show: showNumber,
  }),
  defineFeature("roc", overColumn(changes(12), close, roc), {
    version: 2,
    label: (unit, period) => `change over ${period} ${unit}s (ROC)`,
    show: showPercent,
  }),
  defineFeature("momentum", inUnitsOf(overColumn(changes(10), close, momentum), averageTrueRange), {
    version: 2,
    label: (unit, period) => `${period}-${unit} momentum in average ranges`,
    show: showNumber,
  }),
];

function macdOverClose(line: keyof Macd, window: Window): FeatureDefinition {
  const column = withoutLengths(overCandles(window, (series) => macdOf(series)[line]));
  return defineFeature(`macd_${line}`, inUnitsOf(column, close), { label: () => `MACD ${line} over the price`, show: showChange });
}
