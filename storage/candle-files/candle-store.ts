import { asKnownAt } from "../../core/candles/as-known-at.ts";
import { candlesFromSeries, seriesFromCandles } from "../../core/candles/build-series.ts";
import type { Candle } from "../../core/candles/candle.ts";
import type { CandleSeries } from "../../core/candles/candle-series.ts";
import { mergeSeries } from "../../core/candles/merge-series.ts";
import type { Coverage } from "../../core/candles/plan-ingest.ts";
import { PreconditionFailedError, StoreUnavailableError } from "../../core/vocabulary/errors.ts";
import { type Interval, intervalMs } from "../../core/vocabulary/interval.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import type { TimeRange } from "../../core/vocabulary/time-range.ts";
import { sha256Hex } from "../object-store/immutable.ts";
import type { ObjectReader, ObjectStore } from "../object-store/object-store.ts";
import { decodeCandles, decodeRevisions, encodeCandles } from "./candle-file.ts";
import { candleFolder, partitionKey, partitionsOf, revisionKey } from "./partitions.ts";

/** How often a write that lost a race is decided again. */
const TRIES = 40;
/** Keys sort by time as long as a year has four digits. */
const MAX_TIME = Date.parse("9999-12-31");

/**
 * All stored candles of a symbol that had closed at `asOf` (ms UTC), and the files that they are in. Values are those known
 * at `knownAt`, by default `asOf`: revisions fetched later are undone, see {@link asKnownAt}.
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
      const revisions = isRevised ? (await readRevisions(reader, key, symbol, interval)).candles : [];
      return { ref: file.ref, series: asKnownAt(file.series, revisions, knownAt) };
    }),
  );
  const found = files.filter((file) => file !== null);
  const candles = found.flatMap(({ series }) => candlesFromSeries(series)).filter(({ openTime }) => openTime + step <= asOf);
  return { series: seriesFromCandles(symbol, interval, candles), objects: found.map(({ ref }) => ref) };
}

/** Stored candles with open times from … to − 1 (ms UTC), file by file, the oldest first. */
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
    const candles = file ? candlesFromSeries(file.series).filter(({ openTime }) => openTime >= from && openTime < to) : [];
    if (candles.length > 0) yield seriesFromCandles(symbol, interval, candles);
  }
}

/** Symbols of which there are candles of an interval, in the order of their names. */
export async function storedSymbols(reader: ObjectReader, interval: Interval): Promise<string[]> {
  const symbols = new Set<string>();
  for await (const { key } of reader.list(`data/candles/interval=${interval}/`)) {
    const symbol = /\/symbol=([^/]+)\/[^/]+\.parquet$/.exec(key)?.[1];
    if (symbol !== undefined) symbols.add(symbol);
  }
  return [...symbols].sort();
}

/** First and last stored candle of a symbol; null where none is stored. */
export async function readCoverage(reader: ObjectReader, symbol: string, interval: Interval): Promise<Coverage | null> {
  const keys = await candleKeys(reader, symbol, interval);
  if (keys.length === 0) return null;
  const first = await readPartition(reader, keys[0], symbol, interval);
  const last = await readPartition(reader, keys[keys.length - 1], symbol, interval);
  if (!first || !last) return null;
  return {
    firstOpenTime: first.series.openTime[0],
    firstSource: first.series.source[0],
    lastOpenTime: last.series.openTime[last.series.length - 1],
  };
}

/**
 * Puts fetched candles into their partitions, each by compare-and-swap, so that two writers lose nothing. Where nothing
 * changes, nothing is written. What a newer fetch replaces is kept beside, as a revision.
 *
 * @returns candles added and revised
 * @throws {StoreUnavailableError} if a partition's race was lost 40 times
 */
export async function upsertCandles(store: ObjectStore, fetched: CandleSeries): Promise<{ added: number; revised: number }> {
  let added = 0;
  let revised = 0;
  for (const [key, part] of partitionsOf(fetched)) {
    const done = await upsertPartition(store, key, part);
    added += done.added;
    revised += done.revised;
  }
  return { added, revised };
}

async function upsertPartition(store: ObjectStore, key: string, fetched: CandleSeries): Promise<{ added: number; revised: number }> {
  const { symbol, interval } = fetched;
  for (let tries = 1; tries <= TRIES; tries++) {
    const stored = await readPartition(store, key, symbol, interval);
    const before = stored?.series ?? seriesFromCandles(symbol, interval, []);
    let merged = mergeSeries(before, fetched);
    try {
      if (merged.superseded.length + merged.backdated > 0) {
        const revisions = await readRevisions(store, key, symbol, interval);
        merged = mergeSeries(before, fetched, revisions.candles);
        // First what would be lost: a crash in between leaves a version that is still shown among the revisions, no more.
        await addRevisions(store, key, revisions, merged.superseded, fetched);
      }
      const { added, revised, backdated } = merged;
      if (added + revised + backdated > 0) {
        await store.put(key, encodeCandles(merged.series), stored ? { ifMatch: stored.etag } : { ifAbsent: true });
      }
      return { added, revised };
    } catch (error) {
      if (!(error instanceof PreconditionFailedError)) throw error;
      await new Promise((done) => setTimeout(done, Math.random() * 10 * tries));
    }
  }
  throw new StoreUnavailableError(`${key} in ${store.url} was changed by others ${TRIES} times in a row`);
}

export interface Revisions {
  readonly candles: readonly Candle[];
  /** null where there is no file yet */
  readonly etag: string | null;
}

/** Superseded versions of a partition's candles. */
export async function readRevisions(reader: ObjectReader, key: string, symbol: string, interval: Interval): Promise<Revisions> {
  const stored = await reader.get(revisionKey(key));
  if (!stored) return { candles: [], etag: null };
  const series = await decodeRevisions(stored.bytes, { key: revisionKey(key), symbol, interval });
  return { candles: candlesFromSeries(series), etag: stored.etag };
}

/** Revisions are only ever added, so that whoever reads or crashes in between finds each that was there. */
async function addRevisions(
  store: ObjectStore,
  key: string,
  { candles, etag }: Revisions,
  superseded: readonly Candle[],
  { symbol, interval }: Pick<CandleSeries, "symbol" | "interval">,
): Promise<void> {
  const place = ({ openTime, fetchedAt }: Candle) => `${openTime} ${fetchedAt}`;
  const known = new Set(candles.map(place));
  const fresh = superseded.filter((candle) => !known.has(place(candle)));
  if (fresh.length === 0) return;
  const all = [...candles, ...fresh].sort((a, b) => a.openTime - b.openTime || a.fetchedAt - b.fetchedAt);
  const bytes = encodeCandles(seriesFromCandles(symbol, interval, all));
  await store.put(revisionKey(key), bytes, etag === null ? { ifAbsent: true } : { ifMatch: etag });
}

async function candleKeys(reader: ObjectReader, symbol: string, interval: Interval): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of reader.list(candleFolder(symbol, interval))) if (key.endsWith(".parquet")) keys.push(key);
  return keys;
}

async function readPartition(
  reader: ObjectReader,
  key: string,
  symbol: string,
  interval: Interval,
): Promise<{ series: CandleSeries; etag: string; ref: ObjectRef } | null> {
  const stored = await reader.get(key);
  if (!stored) return null;
  const series = await decodeCandles(stored.bytes, { key, symbol, interval });
  return { series, etag: stored.etag, ref: { key, sha256: sha256Hex(stored.bytes), bytes: stored.bytes.byteLength, rows: series.length } };
}
