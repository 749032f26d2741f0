import { asKnownAt } from "../../core/candles/as-known-at.ts";
import type { CandleSeries, CandleVersions } from "../../core/candles/candle-series.ts";
import { concatSeries, filterSeries } from "../../core/candles/series-verbs.ts";
import { CandlecastError } from "../../core/vocabulary/errors.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { partsOf } from "../layout.ts";
import { sha256Hex } from "../object-store/immutable.ts";
import type { ObjectReader } from "../object-store/object-store.ts";
import { decodeCandles, encodeCandles } from "./candle-file.ts";
import { readRevisions } from "./candle-store.ts";

/** What became of a candle file since it was published. Changed: the published rows are not all there. */
export type PublishedCandles =
  | { readonly status: "ok" | "extended"; readonly series: CandleSeries }
  | { readonly status: "changed"; readonly series: null };

/**
 * The candles that a file held when a manifest named it. Later fetches add rows and replace others, and keep what they replace
 * as revisions. So the published file is found by trying each moment of a fetch at which as many rows were known as were
 * published, and comparing digests. A file whose bytes are not those that its own candles would give was damaged.
 */
export async function publishedCandles(reader: ObjectReader, bytes: Uint8Array, ref: ObjectRef): Promise<PublishedCandles> {
  const { key, sha256, bytes: size } = ref;
  const parts = partsOf("candles", key);
  const changed = { status: "changed", series: null } as const;
  const digest = sha256Hex(bytes);
  if (!parts) return changed;
  try {
    const { symbol, interval } = parts;
    const place = { key, symbol, interval };
    if (digest === sha256) return { status: "ok", series: await decodeCandles(bytes, place) };
    const revisions = await readRevisions(reader, key, symbol, interval);
    // A file without revisions can only have grown.
    if (revisions.candles.length === 0 && bytes.byteLength <= size) return changed;
    const series = await decodeCandles(bytes, place);
    if (digestOf(series) !== digest) return changed;
    const published = findPublished(series, revisions.candles, ref);
    return published ? { status: "extended", series: published } : changed;
  } catch (error) {
    if (error instanceof CandlecastError && !["StoreUnavailable", "Unauthorized"].includes(error.name)) return changed;
    throw error;
  }
}

/** Digest of the file that these candles give; null where they give none, because a damaged one has a time that is NaN. */
function digestOf(series: CandleSeries): string | null {
  try {
    return sha256Hex(encodeCandles(series));
  } catch {
    return null;
  }
}

/** Tries each moment at which as many candles were known as were published; returns those that give the published bytes. */
function findPublished(series: CandleSeries, revisions: CandleVersions, { sha256, rows }: ObjectRef): CandleSeries | null {
  const { openTime, fetchedAt } = concatSeries(series, [series, revisions]);
  const firstFetch = new Map<number, number>();
  openTime.forEach((time, row) => {
    firstFetch.set(time, Math.min(firstFetch.get(time) ?? fetchedAt[row], fetchedAt[row]));
  });
  const firsts = [...firstFetch.values()];
  const moments = [...new Set(fetchedAt)].sort((a, b) => b - a);
  for (const moment of moments) {
    if (firsts.filter((time) => time <= moment).length !== rows) continue;
    const known = asKnownAt(series, revisions, moment);
    const published = filterSeries(known, (row) => (firstFetch.get(known.openTime[row]) ?? 0) <= moment);
    if (digestOf(published) === sha256) return published;
  }
  return null;
}
