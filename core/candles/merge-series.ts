import { candlesFromSeries, seriesFromCandles } from "./build-series.ts";
import type { Candle } from "./candle.ts";
import type { CandleSeries } from "./candle-series.ts";

export interface MergeResult {
  readonly series: CandleSeries;
  /** Candles new to the stored ones. */
  readonly added: number;
  /** Stored candles whose values were replaced. */
  readonly revised: number;
  /** Stored candles that turned out to have been known, with the same values, earlier than was thought. */
  readonly backdated: number;
  /** Versions that were known once and that `series` does not show, ordered by open time and fetch. */
  readonly superseded: readonly Candle[];
}

/**
 * The union of stored and fetched candles, each open time once: the newer fetch wins where values differ; equal values
 * keep the row that was fetched first, so that a refetch of the same data changes nothing. A known quote volume or market
 * cap is never replaced by an unknown one. The result does not depend on the order in which fetches are merged, unless a
 * later fetch goes back to the values of an earlier one, whose time then stays.
 *
 * @param revisions versions that were superseded before; only needed where `fetched` meets stored candles of other values or
 * of a later fetch, which `superseded` and `backdated` tell
 */
export function mergeSeries(stored: CandleSeries, fetched: CandleSeries, revisions: readonly Candle[] = []): MergeResult {
  const byTime = new Map(candlesFromSeries(stored).map((candle) => [candle.openTime, candle]));
  const older = groupByTime(revisions);
  const superseded: Candle[] = [];
  let added = 0;
  let revised = 0;
  let backdated = 0;
  for (const candle of candlesFromSeries(fetched)) {
    const known = byTime.get(candle.openTime);
    if (!known) {
      byTime.set(candle.openTime, candle);
      added++;
      continue;
    }
    const versions = mergeVersions(older.get(candle.openTime) ?? [], known, candle);
    const current = versions[versions.length - 1];
    superseded.push(...versions.slice(0, -1));
    if (!sameCandle(current, known)) revised++;
    else if (current.fetchedAt < known.fetchedAt) backdated++;
    else continue;
    byTime.set(candle.openTime, current);
  }
  const candles = [...byTime.values()].sort((a, b) => a.openTime - b.openTime);
  return { series: seriesFromCandles(stored.symbol, stored.interval, candles), added, revised, backdated, superseded };
}

/** Versions of one candle in the order of their fetches, without those that only repeat the one before. */
function mergeVersions(revisions: readonly Candle[], known: Candle, fetched: Candle): Candle[] {
  const byFetch = new Map([fetched, ...revisions, known].map((version) => [version.fetchedAt, version]));
  const versions: Candle[] = [];
  for (const version of [...byFetch.values()].sort((a, b) => a.fetchedAt - b.fetchedAt)) {
    const before = versions.at(-1);
    const filled = before
      ? { ...version, quoteVolume: version.quoteVolume ?? before.quoteVolume, marketCap: version.marketCap ?? before.marketCap }
      : version;
    if (!before || !sameCandle(before, filled)) versions.push(filled);
  }
  return versions;
}

function groupByTime(candles: readonly Candle[]): Map<number, Candle[]> {
  const groups = new Map<number, Candle[]>();
  for (const candle of candles) {
    const group = groups.get(candle.openTime);
    if (group) group.push(candle);
    else groups.set(candle.openTime, [candle]);
  }
  return groups;
}

function sameCandle(a: Candle, b: Candle): boolean {
  return (
    a.open === b.open &&
    a.high === b.high &&
    a.low === b.low &&
    a.close === b.close &&
    a.volume === b.volume &&
    a.quoteVolume === b.quoteVolume &&
    a.marketCap === b.marketCap &&
    a.source === b.source
  );
}
