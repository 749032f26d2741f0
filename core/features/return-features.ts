import type { CandleSeries } from "../candles/candle-series.ts";
import { logChange } from "../indicators/log-ratio.ts";
import type { FeatureDefinition } from "./feature.ts";
import { perSeries } from "./per-series.ts";
import { logReturns, volatilityOf } from "./shared-indicators.ts";

const RETURNS = [1, 2, 3, 5, 10, 20].map((lag) => ({
  lag,
  compute: lag === 1 ? logReturns : perSeries(({ close }) => logChange(close, lag)),
}));

/** Past log returns, raw and in units of what the coin's volatility lets expect over as many candles. */
export const returnFeatures: readonly FeatureDefinition[] = [
  ...RETURNS.map(({ lag, compute }) => ({ name: `log_return_${lag}`, lookback: lag, version: 1, compute })),
  ...RETURNS.map(({ lag, compute }) => ({
    name: `scaled_return_${lag}`,
    lookback: 20,
    version: 1,
    compute: (series: CandleSeries) => {
      const volatility = volatilityOf(series);
      const returns = compute(series);
      const out = new Float64Array(series.length);
      for (let i = 0; i < out.length; i++) out[i] = returns[i] / (volatility[i] * Math.sqrt(lag));
      return out;
    },
  })),
];
