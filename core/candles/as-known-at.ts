import type { CandleSeries, CandleVersions } from "./candle-series.ts";
import { concatSeries, takeRows } from "./series-verbs.ts";

/**
 * The series as it was known at a time: later revisions are undone. A candle that was first fetched after that time counts
 * as known since it closed, with the values of its first fetch, so that any past day can be run from a history that was
 * fetched today.
 *
 * @param revisions superseded versions, in any order; a version that the series still shows may be among them
 * @param knownAt ms UTC
 */
export function asKnownAt(series: CandleSeries, revisions: CandleVersions, knownAt: number): CandleSeries {
  if (revisions.length === 0) return series;
  const versions = concatSeries(series, [series, revisions]);
  const { openTime, fetchedAt } = versions;
  const best = new Map<number, number>();
  for (let row = 0; row < versions.length; row++) {
    const found = best.get(openTime[row]);
    if (found === undefined || isBetter(fetchedAt[row], fetchedAt[found], knownAt)) best.set(openTime[row], row);
  }
  return takeRows(
    versions,
    series.openTime.map((time) => best.get(time) as number),
  );
}

/** The newest of the fetches up to `knownAt` is best; if there is none, the first of all. */
function isBetter(fetchedAt: number, found: number, knownAt: number): boolean {
  if (fetchedAt <= knownAt) return found > knownAt || fetchedAt > found;
  return found > knownAt && fetchedAt < found;
}
