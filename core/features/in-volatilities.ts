import type { FeatureDefinition } from "./feature.ts";
import { perSeries } from "./per-series.ts";
import { ratio } from "./ratio.ts";
import { volatilityOf } from "./shared-indicators.ts";

/** Candles before the volatility's first value. */
const VOLATILITY_LOOKBACK = 20;

/**
 * A feature that is a share of the price, in units of the coin's recent volatility (EWM, span 20): coins of different
 * wildness then mean the same by the same number, as the models' target does.
 */
export function inVolatilities({ name, lookback, version, compute }: FeatureDefinition): FeatureDefinition {
  return {
    name: `${name}_in_volatilities`,
    lookback: Math.max(lookback, VOLATILITY_LOOKBACK),
    version,
    compute: (series) => ratio(compute(series), volatilityOf(series)),
  };
}

/** A share of the price, and the same in units of volatility; the share is computed once for both. */
export function bothWays(feature: FeatureDefinition): FeatureDefinition[] {
  const shared = { ...feature, compute: perSeries(feature.compute) };
  return [shared, inVolatilities(shared)];
}
