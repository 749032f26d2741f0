import { candlesFromSeries, seriesFromCandles } from "../../core/candles/build-series.ts";
import type { CandleSeries } from "../../core/candles/candle-series.ts";
import { type Interval, intervalMs } from "../../core/candles/interval.ts";
import { mergeSeries } from "../../core/candles/merge-series.ts";
import type { Coverage } from "../../core/candles/plan-ingest.ts";
import { PreconditionFailedError, StoreUnavailableError } from "../../core/errors.ts";
import type { ObjectRef } from "../../core/manifests/manifest.ts";
import { sha256Hex } from "../object-store/immutable.ts";
import type { ObjectReader, ObjectStore } from "../object-store/object-store.ts";
import { decodeCandles, encodeCandles } from "./candle-file.ts";
import { candleFolder, partitionsOf } from "./partitions.ts";

/** How often a write that lost a race is decided again. */
const TRIES = 40;

/** All stored candles of a symbol that had closed at `asOf` (ms UTC), and the files that they are in. */
export async function loadSeries(
  reader: ObjectReader,
  symbol: string,
  interval: Interval,
  { asOf }: { asOf: number },
): Promise<{ series: CandleSeries; objects: ObjectRef[] }> {
  const keys = await candleKeys(reader, symbol, interval);
  const files = await Promise.all(keys.map((key) => readPartition(reader, key, symbol, interval)));
  const found = files.filter((file) => file !== null);
  const step = intervalMs(interval);
  const candles = found.flatMap(({ series }) => candlesFromSeries(series)).filter(({ openTime }) => openTime + step <= asOf);
  return {
    series: seriesFromCandles(symbol, interval, candles),
    objects: found.filter(({ series }) => series.openTime[0] + step <= asOf).map(({ ref }) => ref),
  };
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
 * changes, nothing is written.
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
  for (let tries = 1; tries <= TRIES; tries++) {
    const stored = await readPartition(store, key, fetched.symbol, fetched.interval);
    const merged = mergeSeries(stored?.series ?? seriesFromCandles(fetched.symbol, fetched.interval, []), fetched);
    if (merged.added + merged.revised === 0) return { added: 0, revised: 0 };
    try {
      await store.put(key, encodeCandles(merged.series), stored ? { ifMatch: stored.etag } : { ifAbsent: true });
      return { added: merged.added, revised: merged.revised };
    } catch (error) {
      if (!(error instanceof PreconditionFailedError)) throw error;
      await new Promise((done) => setTimeout(done, Math.random() * 10 * tries));
    }
  }
  throw new StoreUnavailableError(`${key} in ${store.url} was changed by others ${TRIES} times in a row`);
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
