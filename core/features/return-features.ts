import type { CandleSeries } from "../candles/candle-series.ts";
import { logChange } from "../indicators/log-ratio.ts";
import type { FeatureDefinition } from "./feature.ts";
import { volatilityOf } from "./shared-indicators.ts";

/** Past log returns, raw and in units of what the coin's volatility lets expect over as many candles. */
export const returnFeatures: readonly FeatureDefinition[] = [
  ...[1, 2, 3, 5, 10, 20].map((lag) => ({
    name: `log_return_${lag}`,
    lookback: lag,
    version: 1,
    compute: ({ close }: CandleSeries) => logChange(close, lag),
  })),
  ...[1, 2, 3, 5, 10, 20].map((lag) => ({
    name: `scaled_return_${lag}`,
    lookback: 20,
    version: 1,
    compute: (series: CandleSeries) => {
      const volatility = volatilityOf(series);
      const out = logChange(series.close, lag);
      for (let i = 0; i < out.length; i++) out[i] /= volatility[i] * Math.sqrt(lag);
      return out;
    },
  })),
];
