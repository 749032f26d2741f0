import { candlesFromSeries, seriesFromCandles } from "../../core/candles/build-series.ts";
import type { CandleSeries } from "../../core/candles/candle-series.ts";
import { parseInterval } from "../../core/candles/interval.ts";
import { CandlecastError } from "../../core/errors.ts";
import type { ObjectRef } from "../../core/manifests/manifest.ts";
import { sha256Hex } from "../object-store/immutable.ts";
import { decodeCandles, encodeCandles } from "./candle-file.ts";

/** What became of a candle file. Null where its rows of then are not to be had from it. */
export type CandlesOfThen =
  | { readonly status: "ok" | "extended"; readonly series: CandleSeries }
  | { readonly status: "changed"; readonly series: null };

/** Whether a key is that of a candle file: these alone go on changing. */
export function isCandleFile(key: string): boolean {
  return key.startsWith("data/candles/");
}

/**
 * The candles that a file held when it was named. Later fetches add rows and replace others; rows that were fetched first,
 * as many as there were, make the bytes of then again, unless one of them was replaced. A file that is not written as its own
 * candles would be was damaged.
 */
export async function candlesOfThen(bytes: Uint8Array, { key, sha256, rows, bytes: size }: ObjectRef): Promise<CandlesOfThen> {
  const [, interval, symbol] = /interval=([^/]+)\/symbol=([^/]+)\//.exec(key) ?? [];
  const changed = { status: "changed", series: null } as const;
  const digest = sha256Hex(bytes);
  // Grown files are longer; decoding damaged ones can take for ever.
  if (!interval || (digest !== sha256 && bytes.byteLength <= size)) return changed;
  try {
    const series = await decodeCandles(bytes, { key, symbol, interval: parseInterval(interval) });
    if (digest === sha256) return { status: "ok", series };
    if (sha256Hex(encodeCandles(series)) !== digest) return changed;
    const inOrderOfFetch = candlesFromSeries(series).sort((a, b) => a.fetchedAt - b.fetchedAt);
    const first = inOrderOfFetch.slice(0, rows ?? 0).sort((a, b) => a.openTime - b.openTime);
    const then = seriesFromCandles(series.symbol, series.interval, first);
    return sha256Hex(encodeCandles(then)) === sha256 ? { status: "extended", series: then } : changed;
  } catch (error) {
    if (error instanceof CandlecastError) return changed;
    throw error;
  }
}
