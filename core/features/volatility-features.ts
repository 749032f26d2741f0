import { bollingerBands } from "../indicators/bollinger-bands.ts";
import { parkinsonVolatility } from "../indicators/parkinson-volatility.ts";
import { rollingRootMeanSquare } from "../indicators/rolling-mean.ts";
import { inUnitsOf, logRatioTo, overCandles, overColumn, rolling } from "./column.ts";
import { defineFeature, type FeatureDefinition } from "./feature.ts";
import { perSeries } from "./per-series.ts";
import { averageTrueRange, close, logReturns, longDeviation, volatility } from "./shared-columns.ts";
import { showLogRatio, showNumber, showShare } from "./show-values.ts";

const BAND = rolling(20);
const bandsOf = perSeries((series) => bollingerBands(series.close, BAND.length));

const bandWidth = overCandles(BAND, (series) => {
  const { upper, lower } = bandsOf(series);
  const width = upper.slice();
  for (let i = 0; i < width.length; i++) width[i] -= lower[i];
  return width;
});

/** How widely the price moves, per candle and relative to the price, and where the close stands within its band. */
export const volatilityFeatures: readonly FeatureDefinition[] = [
  defineFeature("volatility_ewm", volatility, { label: (unit, length) => `${length}-${unit} volatility`, show: showShare }),
  defineFeature("volatility", longDeviation, { label: (unit, length) => `${length}-${unit} volatility`, show: showShare }),
  defineFeature("volatility_ratio", logRatioTo(overColumn(rolling(10), logReturns, rollingRootMeanSquare), longDeviation), {
    label: (unit, short, long) => `${short}-${unit} volatility against its ${long}-${unit} level`,
    show: showLogRatio,
  }),
  defineFeature(
    "parkinson",
    overCandles(rolling(10), ({ high, low }, length) => parkinsonVolatility(high, low, length)),
    {
      label: (unit, length) => `${length}-${unit} volatility of highs and lows`,
      show: showShare,
    },
  ),
  defineFeature("atr_ratio", inUnitsOf(averageTrueRange, close), {
    version: 2,
    label: (unit, length) => `${length}-${unit} average range over the price`,
    show: showShare,
  }),
  defineFeature(
    "bollinger_percent_b",
    overCandles(BAND, (series) => bandsOf(series).percentB),
    {
      version: 2,
      label: () => "place in the Bollinger band (0 bottom, 1 top)",
      show: showNumber,
    },
  ),
  defineFeature(
    "bollinger_width",
    inUnitsOf(
      bandWidth,
      overCandles(BAND, (series) => bandsOf(series).middle),
    ),
    {
      version: 2,
      label: () => "width of the Bollinger band",
      show: showShare,
    },
  ),
];
