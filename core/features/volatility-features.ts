import type { CandleSeries } from "../candles/candle-series.ts";
import { logChange, logRatio } from "../indicators/log-ratio.ts";
import { parkinsonVolatility } from "../indicators/parkinson-volatility.ts";
import { rollingRootMeanSquare } from "../indicators/rolling-mean.ts";
import { atr, bollingerBands } from "../indicators/technical-indicators.ts";
import { ewmVolatility } from "./ewm-volatility.ts";
import type { FeatureDefinition } from "./feature.ts";
import { ratio } from "./ratio.ts";

/** How widely the price moves, per candle and relative to the price, and where the close stands within its band. */
export const volatilityFeatures: readonly FeatureDefinition[] = [
  { name: "volatility_ewm_20", lookback: 20, version: 1, compute: ({ close }) => ewmVolatility(close, 20) },
  { name: "volatility_60", lookback: 60, version: 1, compute: (series) => returnDeviation(series, 60) },
  {
    name: "volatility_ratio_10_60",
    lookback: 60,
    version: 1,
    compute: (series) => {
      const long = returnDeviation(series, 60);
      return returnDeviation(series, 10).map((short, i) => logRatio(short, long[i]));
    },
  },
  { name: "parkinson_10", lookback: 9, version: 1, compute: ({ high, low }) => parkinsonVolatility(high, low, 10) },
  { name: "atr_ratio_14", lookback: 14, version: 1, compute: (series) => ratio(atr(series, 14), series.close) },
  { name: "bollinger_percent_b_20", lookback: 19, version: 1, compute: ({ close }) => bollingerBands(close, 20).percentB },
  {
    name: "bollinger_width_20",
    lookback: 19,
    version: 1,
    compute: ({ close }) => {
      const { upper, middle, lower } = bollingerBands(close, 20);
      return ratio(
        upper.map((value, i) => value - lower[i]),
        middle,
      );
    },
  },
];

function returnDeviation({ close }: CandleSeries, period: number): Float64Array {
  return rollingRootMeanSquare(logChange(close, 1), period);
}
