import { inUnitsOf, shared } from "./column.ts";
import { defineFeature, type FeatureDefinition } from "./feature.ts";
import { volatility } from "./shared-columns.ts";
import { showSigned } from "./show-values.ts";

/**
 * A feature that is a share of the price, in units of the coin's recent volatility. The same number then means the same for
 * calm and for wild coins, as it does in the models' target.
 */
export function inVolatilities({ name, lookback, version, compute, label }: FeatureDefinition): FeatureDefinition {
  const column = inUnitsOf({ lengths: [], lookback, compute }, volatility);
  return defineFeature(`${name}_in_volatilities`, column, {
    version,
    label: (unit) => `${label(unit)} (in volatilities)`,
    show: showSigned,
  });
}

/** The feature as a share of the price and in units of volatility; the share is computed once for both. */
export function bothWays(feature: FeatureDefinition): FeatureDefinition[] {
  const once = { ...feature, compute: shared({ lengths: [], ...feature }).compute };
  return [once, inVolatilities(once)];
}
