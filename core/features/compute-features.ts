import type { CandleSeries } from "../candles/candle-series.ts";
import { InvalidInputError } from "../vocabulary/errors.ts";
import type { FeatureMatrix } from "./feature-matrix.ts";
import { candleFeatureSet } from "./feature-set.ts";
import { volatility } from "./shared-columns.ts";

/**
 * All features of a symbol's candles, one row per candle. The same candles give the same bits, and later candles never
 * change earlier rows.
 *
 * @param series n candles, ordered and unique by open time; any n, but a feature whose lookback is n or more is all NaN
 * @throws {InvalidInputError} if a close is not finite and positive
 */
export function computeFeatures(series: CandleSeries): FeatureMatrix {
  const wrong = series.close.findIndex((price) => !(price > 0 && Number.isFinite(price)));
  if (wrong >= 0) {
    throw new InvalidInputError(`${series.symbol} has a close of ${series.close[wrong]} in row ${wrong}, not a finite, positive price`);
  }
  const { name, digest, features } = candleFeatureSet;
  // A new object, so that the columns that features share are forgotten after this call.
  const own = { ...series };
  return {
    symbol: series.symbol,
    interval: series.interval,
    featureSet: { name, digest },
    openTime: series.openTime,
    close: series.close,
    volatility: volatility.compute(own),
    names: features.map((feature) => feature.name),
    columns: features.map((feature) =>
      feature.lookback < series.length ? feature.compute(own) : new Float64Array(series.length).fill(Number.NaN),
    ),
  };
}
