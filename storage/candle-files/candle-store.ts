import { asKnownAt } from "../../core/candles/as-known-at.ts";
import type { CandleSeries, CandleVersions } from "../../core/candles/candle-series.ts";
import { compareSeries, type SeriesComparison } from "../../core/candles/compare-series.ts";
import { mergeSeries, sameValues } from "../../core/candles/merge-series.ts";
import type { Coverage } from "../../core/candles/plan-ingest.ts";
import { closedCandles, concatSeries, emptySeries, filterSeries, sliceTimes, sortSeries } from "../../core/candles/series-verbs.ts";
import { SeriesMismatchError } from "../../core/vocabulary/errors.ts";
import { type Interval, intervalMs } from "../../core/vocabulary/interval.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import type { TimeRange } from "../../core/vocabulary/time-range.ts";
import { kindOf, partsOf, prefixOf } from "../layout.ts";
import { sha256Hex } from "../object-store/immutable.ts";
import type { ObjectReader, ObjectStore } from "../object-store/object-store.ts";
import { type Known, update } from "../object-store/update.ts";
import { decodeCandles, decodeEnds, decodeRevisions, encodeCandles } from "./candle-file.ts";
import { partitionKey, partitionsOf, revisionKey } from "./partitions.ts";

/** Partitions that are kept between comparing and merging, so that they are read once; of more, memory would grow with the series. */
const MOST_KNOWN = 24;
/** Keys sort by time as long as a year has four digits. */
const MAX_TIME = Date.parse("9999-12-31");

/**
 * All stored candles of a symbol that had closed at `asOf` (ms UTC), and the files they are in. Values are those known at
 * `knownAt`, by default `asOf`; revisions fetched later are undone, see {@link asKnownAt}.
 */
export async function loadSeries(
  reader: ObjectReader,
  symbol: string,
  interval: Interval,
  { asOf, knownAt = asOf }: { asOf: number; knownAt?: number },
): Promise<{ series: CandleSeries; objects: ObjectRef[] }> {
  const keys = await candleKeys(reader, symbol, interval);
  const step = intervalMs(interval);
  const files = await Promise.all(
    keys.map(async (key) => {
      const file = await readPartition(reader, key, symbol, interval);
      if (!file || !(file.series.openTime[0] + step <= asOf)) return null;
      // Revisions are written before the candles that supersede them, so they are read after them.
      const isRevised = file.series.fetchedAt.some((time) => time > knownAt);
      const series = isRevised
        ? asKnownAt(file.series, (await readRevisions(reader, key, symbol, interval)).candles, knownAt)
        : file.series;
      return { ref: file.ref, closed: closedCandles(series, asOf) };
    }),
  );
  const found = files.filter((file) => file !== null);
  const series = concatSeries(
    { symbol, interval },
    found.map(({ closed }) => closed),
  );
  return { series, objects: found.map(({ ref }) => ref) };
}

/** Stored candles whose open times are in the range, file by file, the oldest first. */
export async function* eachPartition(
  reader: ObjectReader,
  symbol: string,
  interval: Interval,
  { from, to }: TimeRange,
): AsyncGenerator<CandleSeries> {
  const last = partitionKey(symbol, interval, Math.min(to, MAX_TIME));
  const first = partitionKey(symbol, interval, from);
  for (const key of (await candleKeys(reader, symbol, interval)).filter((name) => name >= first && name <= last)) {
    const file = await readPartition(reader, key, symbol, interval);
    const candles = file && sliceTimes(file.series, { from, to });
    if (candles && candles.length > 0) yield candles;
  }
}

/** Symbols that have stored candles of an interval, sorted by name. */
export async function storedSymbols(reader: ObjectReader, interval: Interval): Promise<string[]> {
  const symbols = new Set<string>();
  for await (const { key } of reader.list(prefixOf("candles", { interval }))) {
    const parts = partsOf("candles", key);
    if (parts) symbols.add(parts.symbol);
  }
  return [...symbols].sort();
}

/** The first and the last stored candle of a symbol, or null if none is stored. */
export async function readCoverage(reader: ObjectReader, symbol: string, interval: Interval): Promise<Coverage | null> {
  const keys = await candleKeys(reader, symbol, interval);
  if (keys.length === 0) return null;
  const read = async (key: string) => {
    const stored = await reader.get(key);
    return stored && decodeEnds(stored.bytes, { key, symbol, interval });
  };
  const first = await read(keys[0]);
  const last = keys.length === 1 ? first : await read(keys[keys.length - 1]);
  if (!first || !last) return null;
  const { firstOpenTime, firstSource } = first;
  const { lastOpenTime, lastSource } = last;
  return { firstOpenTime, firstSource, lastOpenTime, lastSource };
}

/** What became of fetched candles. */
export interface Upserted {
  /** Not stored before. */
  readonly added: number;
  /** Stored ones whose values were replaced. */
  readonly revised: number;
  /** Fetched ones that were not taken, because other values are known from a later fetch, or of the same time. */
  readonly outdated: number;
  /** Candles by which it was seen that they are of the stored coin; 0: there were none of the same time. */
  readonly compared: number;
}

export const NOTHING_UPSERTED: Upserted = { added: 0, revised: 0, outdated: 0, compared: 0 };

/**
 * Merges fetched candles into their partitions. Each partition is written by compare-and-swap, so that concurrent writers
 * lose nothing; one that does not change is not written. A version that a newer fetch replaces is kept as a revision. Before
 * anything is written, they are compared with the stored candles of the same times.
 *
 * @throws {SeriesMismatchError} naming times and values, if they are not of the stored coin, currency or unit
 * @throws {StoreUnavailableError} if a partition was changed by others 40 times in a row
 */
export async function upsertCandles(store: ObjectStore, fetched: CandleSeries): Promise<Upserted> {
  const comparison = compareSeries();
  const { symbol, interval } = fetched;
  const parts = [...partitionsOf(fetched)];
  const known = new Map<string, Known<CandleSeries>>();
  for (const [key, part] of parts) {
    const stored = await store.get(key);
    const value = stored && (await decodeCandles(stored.bytes, { key, symbol, interval }));
    if (value) comparison.add(value, sortSeries(part));
    if (known.size < MOST_KNOWN) known.set(key, { etag: stored?.etag ?? null, value });
  }
  const verdict = comparison.verdict();
  if (!verdict.same)
    throw new SeriesMismatchError(
      `${fetched.symbol} ${fetched.interval}: these candles are not of the stored coin, and are not stored: ${verdict.reason}`,
    );
  const sum = { added: 0, revised: 0, outdated: 0, compared: verdict.compared };
  for (const [key, part] of parts) {
    const done = await upsertPartition(store, key, part, known.get(key));
    sum.added += done.added;
    sum.revised += done.revised;
    sum.outdated += done.outdated;
  }
  return sum;
}

/** Adds candles, and the stored ones of the same times, to a comparison. */
export async function compareWithStored(reader: ObjectReader, fetched: CandleSeries, comparison: SeriesComparison): Promise<void> {
  for (const [key, part] of partitionsOf(fetched)) {
    const stored = await readPartition(reader, key, fetched.symbol, fetched.interval);
    if (stored) comparison.add(stored.series, sortSeries(part));
  }
}

function upsertPartition(
  store: ObjectStore,
  key: string,
  fetched: CandleSeries,
  known: Known<CandleSeries> | undefined,
): Promise<Omit<Upserted, "compared">> {
  const { symbol, interval } = fetched;
  return update(
    store,
    key,
    (bytes) => decodeCandles(bytes, { key, symbol, interval }),
    async (stored) => {
      const before = stored ?? emptySeries(fetched);
      let merged = mergeSeries(before, fetched);
      if (merged.superseded.length + merged.backdated > 0) {
        const revisions = await readRevisions(store, key, symbol, interval);
        merged = mergeSeries(before, fetched, revisions.candles);
        // Revisions are written first. A crash in between only leaves a version among the revisions that is still shown.
        await addRevisions(store, key, revisions, merged.superseded);
      }
      const { added, revised, outdated, backdated } = merged;
      const isSame = added + revised + backdated === 0;
      return { bytes: isSame ? null : encodeCandles(merged.series), result: { added, revised, outdated } };
    },
    { known },
  );
}

export interface Revisions {
  /** ordered by open time and fetch */
  readonly candles: CandleVersions;
  /** null where there is no file yet */
  readonly etag: string | null;
}

/** The superseded versions of a partition's candles. */
export async function readRevisions(reader: ObjectReader, key: string, symbol: string, interval: Interval): Promise<Revisions> {
  const stored = await reader.get(revisionKey(key));
  if (!stored) return { candles: emptySeries({ symbol, interval }), etag: null };
  const candles = await decodeRevisions(stored.bytes, { key: revisionKey(key), symbol, interval });
  return { candles, etag: stored.etag };
}

/**
 * Revisions are only ever added, so a concurrent reader, or one after a crash, still finds one of every earlier fetch. Of two of the same
 * fetch, the one that the merge kept stays.
 */
export async function addRevisions(
  store: ObjectStore,
  key: string,
  { candles, etag }: Revisions,
  superseded: CandleVersions,
): Promise<void> {
  const versionOf = ({ openTime, fetchedAt }: CandleVersions, row: number) => `${openTime[row]} ${fetchedAt[row]}`;
  const known = new Map(candles.source.map((_, row) => [versionOf(candles, row), row]));
  const fresh = filterSeries(superseded, (row) => {
    const stored = known.get(versionOf(superseded, row));
    return stored === undefined || !sameValues(candles, stored, superseded, row);
  });
  if (fresh.length === 0) return;
  const replaced = new Set(fresh.source.map((_, row) => versionOf(fresh, row)));
  const staying = filterSeries(candles, (row) => !replaced.has(versionOf(candles, row)));
  const bytes = encodeCandles(sortSeries(concatSeries(candles, [staying, fresh])));
  await store.put(revisionKey(key), bytes, etag === null ? { ifAbsent: true } : { ifMatch: etag });
}

async function candleKeys(reader: ObjectReader, symbol: string, interval: Interval): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of reader.list(prefixOf("candles", { interval, symbol }))) if (kindOf(key) === "candles") keys.push(key);
  return keys;
}

async function readPartition(
  reader: ObjectReader,
  key: string,
  symbol: string,
  interval: Interval,
): Promise<{ series: CandleSeries; ref: ObjectRef } | null> {
  const stored = await reader.get(key);
  if (!stored) return null;
  const series = await decodeCandles(stored.bytes, { key, symbol, interval });
  return { series, ref: { key, sha256: sha256Hex(stored.bytes), bytes: stored.bytes.byteLength, rows: series.length } };
}
