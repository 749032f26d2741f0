import { basename } from "node:path";
import { gunzipSync } from "node:zlib";
import { seriesFromCandles } from "../core/candles/build-series.ts";
import type { CandleSeries } from "../core/candles/candle-series.ts";
import type { Interval } from "../core/vocabulary/interval.ts";

/** A file of real spot candles as a series: `time,open,high,low,close,volume`, one coin, gzipped. */
export function readSpotFile(path: string, bytes: Uint8Array, interval: Interval): CandleSeries {
  const lines = gunzipSync(bytes).toString().trim().split("\n").slice(1);
  const candles = lines.map((line) => {
    const [time, open, high, low, close, volume] = line.split(",");
    const openTime = Date.parse(time.length === 10 || time.endsWith("Z") ? time : `${time}Z`);
    const values = { open: Number(open), high: Number(high), low: Number(low), close: Number(close), volume: Number(volume) };
    return { openTime, ...values, quoteVolume: null, marketCap: null, source: "binance", fetchedAt: openTime };
  });
  return seriesFromCandles(basename(path).split(".")[0], interval, candles);
}
