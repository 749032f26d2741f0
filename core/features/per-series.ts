import type { CandleSeries } from "../candles/candle-series.ts";

/**
 * Computes once per series what several features are made of, and keeps it as long as the series lives. The result is
 * shared: whoever reads it must not change it.
 */
export function perSeries<T>(compute: (series: CandleSeries) => T): (series: CandleSeries) => T {
  const known = new WeakMap<CandleSeries, { readonly value: T }>();
  return (series) => {
    const found = known.get(series);
    if (found) return found.value;
    const value = compute(series);
    known.set(series, { value });
    return value;
  };
}
