import { candlesFromSeries, seriesFromCandles } from "./build-series.ts";
import type { Candle } from "./candle.ts";
import type { CandleSeries } from "./candle-series.ts";

/**
 * A series as it was known at a time: later revisions undone. A candle whose first fetch came later counts as known since
 * it closed, with the values of that fetch, so that any day of the past can be run from a history that was fetched today.
 *
 * @param revisions superseded versions, in any order; a version that is still shown may be among them
 * @param knownAt ms UTC
 */
export function asKnownAt(series: CandleSeries, revisions: readonly Candle[], knownAt: number): CandleSeries {
  if (revisions.length === 0) return series;
  const best = new Map<number, Candle>();
  for (const version of [...candlesFromSeries(series), ...revisions]) {
    const found = best.get(version.openTime);
    if (!found || isBetter(version, found, knownAt)) best.set(version.openTime, version);
  }
  return seriesFromCandles(
    series.symbol,
    series.interval,
    Array.from(series.openTime, (time) => best.get(time) as Candle),
  );
}

/** The newest of those fetched by then; where there is none, the first of all. */
function isBetter(version: Candle, found: Candle, knownAt: number): boolean {
  if (version.fetchedAt <= knownAt) return found.fetchedAt > knownAt || version.fetchedAt > found.fetchedAt;
  return found.fetchedAt > knownAt && version.fetchedAt < found.fetchedAt;
}
