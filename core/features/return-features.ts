import type { CandleSeries } from "../candles/candle-series.ts";
import { logChange } from "../indicators/log-ratio.ts";
import { ewmVolatility } from "./ewm-volatility.ts";
import type { FeatureDefinition } from "./feature.ts";

/** Past log returns, raw and in units of what the coin's volatility lets expect over as many candles. */
export const returnFeatures: readonly FeatureDefinition[] = [
  ...[1, 2, 3, 5, 10, 20].map((lag) => ({
    name: `log_return_${lag}`,
    lookback: lag,
    version: 1,
    compute: ({ close }: CandleSeries) => logChange(close, lag),
  })),
  ...[1, 5].map((lag) => ({
    name: `scaled_return_${lag}`,
    lookback: 20,
    version: 1,
    compute: ({ close }: CandleSeries) => {
      const volatility = ewmVolatility(close, 20);
      return logChange(close, lag).map((value, i) => value / (volatility[i] * Math.sqrt(lag)));
    },
  })),
];
