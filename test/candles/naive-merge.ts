import type { Candle } from "../../core/candles/candle.ts";
import { compareContent } from "../../core/candles/compare-content.ts";

/*
 * The rules of mergeSeries and asKnownAt on one object per candle, written as plainly as possible, for the property tests to
 * compare the columnar code with.
 */

interface NaiveMerge {
  readonly candles: Candle[];
  readonly added: number;
  readonly revised: number;
  readonly backdated: number;
  readonly superseded: Candle[];
}

export function naiveMerge(stored: readonly Candle[], fetched: readonly Candle[], revisions: readonly Candle[]): NaiveMerge {
  const byTime = new Map(stored.map((candle) => [candle.openTime, candle]));
  const superseded: Candle[] = [];
  let added = 0;
  let revised = 0;
  let backdated = 0;
  for (const candle of fetched) {
    const known = byTime.get(candle.openTime);
    if (!known) {
      byTime.set(candle.openTime, candle);
      added++;
      continue;
    }
    const older = revisions.filter(({ openTime }) => openTime === candle.openTime);
    const versions = orderVersions([candle, ...older, known]);
    const current = versions[versions.length - 1];
    superseded.push(...versions.slice(0, -1));
    if (!sameValues(current, known)) revised++;
    else if (current.fetchedAt < known.fetchedAt) backdated++;
    else continue;
    byTime.set(candle.openTime, current);
  }
  return { candles: [...byTime.values()].sort(byOpenTime), added, revised, backdated, superseded };
}

export function naiveKnownAt(candles: readonly Candle[], revisions: readonly Candle[], knownAt: number): Candle[] {
  return candles.map(({ openTime }) => {
    const versions = [...candles, ...revisions].filter((version) => version.openTime === openTime);
    const fetches = versions.map(({ fetchedAt }) => fetchedAt);
    const inTime = fetches.filter((time) => time <= knownAt);
    const best = inTime.length > 0 ? Math.max(...inTime) : Math.min(...fetches);
    return versions.find(({ fetchedAt }) => fetchedAt === best) as Candle;
  });
}

/**
 * In the order of their fetches, unknown values filled from the version before, without repetitions; of those of one time that are no
 * repetition, the one that comes last when sorted.
 */
function orderVersions(given: readonly Candle[]): Candle[] {
  const versions: Candle[] = [];
  for (const time of [...new Set(given.map(({ fetchedAt }) => fetchedAt))].sort((a, b) => a - b)) {
    const before = versions.at(-1);
    const fresh = given
      .filter(({ fetchedAt }) => fetchedAt === time)
      .map((version) => ({
        ...version,
        quoteVolume: version.quoteVolume ?? before?.quoteVolume ?? null,
        marketCap: version.marketCap ?? before?.marketCap ?? null,
      }))
      .filter((version) => !before || !sameValues(before, version))
      .sort(compareContent);
    const last = fresh.at(-1);
    if (last) versions.push(last);
  }
  return versions;
}

function sameValues(a: Candle, b: Candle): boolean {
  const values = ({ fetchedAt: _, ...rest }: Candle) => JSON.stringify(rest);
  return values(a) === values(b);
}

function byOpenTime(a: Candle, b: Candle): number {
  return a.openTime - b.openTime;
}
