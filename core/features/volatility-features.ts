import { logRatio } from "../indicators/log-ratio.ts";
import { parkinsonVolatility } from "../indicators/parkinson-volatility.ts";
import { rollingRootMeanSquare } from "../indicators/rolling-mean.ts";
import type { FeatureDefinition } from "./feature.ts";
import { ratio } from "./ratio.ts";
import { averageTrueRange, bollinger, logReturns, longDeviation, volatilityOf } from "./shared-indicators.ts";

/** How widely the price moves, per candle and relative to the price, and where the close stands within its band. */
export const volatilityFeatures: readonly FeatureDefinition[] = [
  { name: "volatility_ewm_20", lookback: 20, version: 1, compute: volatilityOf },
  { name: "volatility_60", lookback: 60, version: 1, compute: longDeviation },
  {
    name: "volatility_ratio_10_60",
    lookback: 60,
    version: 1,
    compute: (series) => {
      const long = longDeviation(series);
      const out = rollingRootMeanSquare(logReturns(series), 10);
      for (let i = 0; i < out.length; i++) out[i] = logRatio(out[i], long[i]);
      return out;
    },
  },
  { name: "parkinson_10", lookback: 9, version: 1, compute: ({ high, low }) => parkinsonVolatility(high, low, 10) },
  { name: "atr_ratio_14", lookback: 14, version: 2, compute: (series) => ratio(averageTrueRange(series), series.close) },
  { name: "bollinger_percent_b_20", lookback: 19, version: 2, compute: (series) => bollinger(series).percentB },
  {
    name: "bollinger_width_20",
    lookback: 19,
    version: 2,
    compute: (series) => {
      const { upper, middle, lower } = bollinger(series);
      const width = upper.slice();
      for (let i = 0; i < width.length; i++) width[i] -= lower[i];
      return ratio(width, middle);
    },
  },
];
