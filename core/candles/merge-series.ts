import type { CandleSeries, CandleVersions } from "./candle-series.ts";
import { type CandleContent, compareContent } from "./compare-content.ts";
import { concatSeries, emptySeries, sortSeries, takeRows } from "./series-verbs.ts";

export interface MergeResult {
  readonly series: CandleSeries;
  /** Fetched candles that were not stored yet. */
  readonly added: number;
  /** Stored candles whose values were replaced. */
  readonly revised: number;
  /** Fetched candles that were not taken, because other values are known from a later fetch, or of the same time. */
  readonly outdated: number;
  /** Stored candles whose values turned out to have been known earlier than was recorded. */
  readonly backdated: number;
  /** Versions that were known once and that `series` does not show, ordered by open time and fetch. */
  readonly superseded: CandleVersions;
}

/**
 * The union of stored and fetched candles, each open time once. Where values differ, the newer fetch wins; where they are
 * equal, the row that was fetched first is kept, so that fetching the same data again changes nothing. Of fetches of the same time,
 * {@link compareContent} decides. A known quote volume or market cap is never replaced by an unknown one. The result does not depend
 * on the order in which fetches are merged, with one exception: if a later fetch returns to the values of an earlier one, it keeps
 * its own time.
 *
 * @param stored ordered and unique by open time
 * @param newlyFetched unique by open time, in any order
 * @param revisions versions that were superseded before. They are needed only where fetched candles meet stored candles with
 * other values or from a later fetch, which `superseded` and `backdated` tell.
 */
export function mergeSeries(
  stored: CandleSeries,
  newlyFetched: CandleSeries,
  revisions: CandleVersions = emptySeries(stored),
): MergeResult {
  const fetched = sortSeries(newlyFetched);
  const versions = concatSeries(stored, [stored, fetched, revisions]);
  const firstRevision = stored.length + fetched.length;
  const olderRows = Map.groupBy(revisions.openTime.keys(), (row) => revisions.openTime[row]);
  const rows: number[] = [];
  const superseded: number[] = [];
  let added = 0;
  let revised = 0;
  let outdated = 0;
  let backdated = 0;
  let next = 0;
  for (let row = 0; row < fetched.length; row++) {
    const time = fetched.openTime[row];
    while (next < stored.length && stored.openTime[next] < time) rows.push(next++);
    const fetchedRow = stored.length + row;
    if (next === stored.length || stored.openTime[next] !== time) {
      rows.push(fetchedRow);
      added++;
      continue;
    }
    const known = next++;
    const older = (olderRows.get(time) ?? []).map((revision) => firstRevision + revision);
    const history = mergeVersions(versions, [fetchedRow, ...older, known]);
    const current = history[history.length - 1];
    if (!sameValues(versions, current, versions, fetchedRow)) outdated++;
    superseded.push(...history.slice(0, -1));
    const isRevised = !sameValues(versions, current, stored, known);
    const isBackdated = !isRevised && versions.fetchedAt[current] < stored.fetchedAt[known];
    if (isRevised) revised++;
    if (isBackdated) backdated++;
    rows.push(isRevised || isBackdated ? current : known);
  }
  while (next < stored.length) rows.push(next++);
  return { series: takeRows(versions, rows), added, revised, outdated, backdated, superseded: takeRows(versions, superseded) };
}

/**
 * Orders the versions of one candle by their fetch, fills what is unknown from the version before (in place), and leaves out
 * those that only repeat the version before. Of several of the same fetch time that say something new, the greatest stays.
 *
 * @param candidates rows of `versions`
 */
function mergeVersions(versions: CandleVersions, candidates: readonly number[]): number[] {
  const byFetch = Map.groupBy(candidates, (row) => versions.fetchedAt[row]);
  const kept: number[] = [];
  for (const [, rows] of [...byFetch].sort(([a], [b]) => a - b)) {
    const before = kept.at(-1);
    if (before !== undefined) for (const row of rows) fillUnknown(versions, row, before);
    const fresh = before === undefined ? rows : rows.filter((row) => !sameValues(versions, before, versions, row));
    if (fresh.length > 0)
      kept.push(fresh.reduce((best, row) => (compareContent(contentOf(versions, row), contentOf(versions, best)) > 0 ? row : best)));
  }
  return kept;
}

function contentOf({ open, high, low, close, volume, quoteVolume, marketCap, source }: CandleVersions, row: number): CandleContent {
  return {
    open: open[row],
    high: high[row],
    low: low[row],
    close: close[row],
    volume: volume[row],
    quoteVolume: quoteVolume[row],
    marketCap: marketCap[row],
    source: source[row],
  };
}

function fillUnknown({ quoteVolume, marketCap }: CandleVersions, row: number, before: number): void {
  for (const column of [quoteVolume, marketCap]) if (Number.isNaN(column[row])) column[row] = column[before];
}

/** Whether two rows agree in everything but the time of their fetch. */
export function sameValues(a: CandleVersions, rowA: number, b: CandleVersions, rowB: number): boolean {
  return (
    a.open[rowA] === b.open[rowB] &&
    a.high[rowA] === b.high[rowB] &&
    a.low[rowA] === b.low[rowB] &&
    a.close[rowA] === b.close[rowB] &&
    a.volume[rowA] === b.volume[rowB] &&
    sameOrUnknown(a.quoteVolume[rowA], b.quoteVolume[rowB]) &&
    sameOrUnknown(a.marketCap[rowA], b.marketCap[rowB]) &&
    a.source[rowA] === b.source[rowB]
  );
}

function sameOrUnknown(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}
