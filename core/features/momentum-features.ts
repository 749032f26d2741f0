import type { CandleSeries } from "../candles/candle-series.ts";
import { cci } from "../indicators/commodity-channel-index.ts";
import type { Macd } from "../indicators/macd.ts";
import { momentum, roc } from "../indicators/momentum.ts";
import { rsi } from "../indicators/rsi.ts";
import { williamsR } from "../indicators/stochastic.ts";
import type { FeatureDefinition } from "./feature.ts";
import { bothWays } from "./in-volatilities.ts";
import { ratio } from "./ratio.ts";
import { averageTrueRange, macdOf, stochasticOf } from "./shared-indicators.ts";

const macdOverClose = [
  overClose("macd_line", 25, ({ line }) => line),
  overClose("macd_signal", 33, ({ signal }) => signal),
  overClose("macd_histogram", 33, ({ histogram }) => histogram),
];

/**
 * How fast the price moves: RSI, MACD over the close (also in units of volatility), oscillators within the recent range, rate of change, and momentum in
 * units of the average true range. Williams %R looks twice as far back as %K, of which it would be a copy otherwise.
 */
export const momentumFeatures: readonly FeatureDefinition[] = [
  ...[7, 14].map((period) => ({
    name: `rsi_${period}`,
    lookback: period,
    version: 1,
    compute: ({ close }: CandleSeries) => rsi(close, period),
  })),
  ...macdOverClose.flatMap(bothWays),
  { name: "stochastic_k_14", lookback: 13, version: 1, compute: (series) => stochasticOf(series).k },
  { name: "stochastic_d_14", lookback: 15, version: 1, compute: (series) => stochasticOf(series).d },
  { name: "williams_r_28", lookback: 27, version: 2, compute: (series) => williamsR(series, 28) },
  { name: "cci_20", lookback: 19, version: 2, compute: (series) => cci(series, 20) },
  { name: "roc_12", lookback: 12, version: 2, compute: ({ close }) => roc(close, 12) },
  { name: "momentum_10", lookback: 14, version: 2, compute: (series) => ratio(momentum(series.close, 10), averageTrueRange(series)) },
];

function overClose(name: string, lookback: number, part: (columns: Macd) => Float64Array): FeatureDefinition {
  return { name, lookback, version: 1, compute: (series) => ratio(part(macdOf(series)), series.close) };
}
