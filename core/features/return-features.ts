import { logChange } from "../indicators/log-ratio.ts";
import { type Column, changes, overColumn, shared } from "./column.ts";
import { defineFeature, type FeatureDefinition } from "./feature.ts";
import { close, logReturns, volatility } from "./shared-columns.ts";
import { showLogChange, showSigned } from "./show-values.ts";

const RETURNS = [1, 2, 3, 5, 10, 20].map((length) => (length === 1 ? logReturns : shared(overColumn(changes(length), close, logChange))));

/** Past log returns: as they are, and in units of what the coin's volatility lets one expect over as many candles. */
export const returnFeatures: readonly FeatureDefinition[] = [
  ...RETURNS.map((column) =>
    defineFeature("log_return", column, {
      label: (unit, length) => `change over ${length} ${unit}${length > 1 ? "s" : ""}`,
      show: showLogChange,
    }),
  ),
  ...RETURNS.map((column) =>
    defineFeature("scaled_return", scaled(column), {
      label: (unit, length) => `${length}-${unit} change in units of its usual size`,
      show: showSigned,
    }),
  ),
];

/** Volatility grows with the square root of the number of candles. */
function scaled({ lengths, lookback, compute }: Column): Column {
  const [length] = lengths;
  return {
    lengths,
    lookback: Math.max(lookback, volatility.lookback),
    compute: (series) => {
      const deviation = volatility.compute(series);
      const returns = compute(series);
      const out = new Float64Array(series.length);
      for (let i = 0; i < out.length; i++) out[i] = returns[i] / (deviation[i] * Math.sqrt(length));
      return out;
    },
  };
}
