import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { seriesFromCandles } from "../../core/candles/build-series.ts";
import type { CandleSeries } from "../../core/candles/candle-series.ts";
import { computeFeatures } from "../../core/features/compute-features.ts";
import { candleFeatureSet } from "../../core/features/feature-set.ts";

const market = process.env.CANDLECAST_MARKET ?? resolve(import.meta.dirname, "../../../shared/market");
const folder = resolve(market, "data/daily-cmc");
const marketAvailable = existsSync(folder);
const coins = marketAvailable ? readdirSync(folder).filter((name) => name.endsWith(".csv")) : [];

/** SNo, Name, Symbol, Date, High, Low, Open, Close, Volume, Marketcap; the date is YYYY-MM-DD or DD-MM-YYYY. */
function readCoin(file: string): CandleSeries {
  const rows = readFileSync(resolve(folder, file), "utf8").trim().split(/\r?\n/).slice(1);
  const candles = rows.map((row) => {
    const [, , , date, high, low, open, close, volume, marketCap] = row.split(",");
    const [a, month, c] = date.slice(0, 10).split("-").map(Number);
    const openTime = a > 31 ? Date.UTC(a, month - 1, c) : Date.UTC(c, month - 1, a);
    return {
      openTime,
      open: Number(open),
      high: Number(high),
      low: Number(low),
      close: Number(close),
      volume: Number(volume),
      quoteVolume: null,
      marketCap: Number(marketCap) || null,
      source: "test",
      fetchedAt: openTime,
    };
  });
  return seriesFromCandles(file, "1d", candles);
}

describe.skipIf(!marketAvailable)("on real candles", () => {
  test.each(coins)("%s has every feature once it has warmed up, and none is infinite", (file) => {
    const series = readCoin(file);
    const { names, columns, volatility } = computeFeatures(series);
    columns.forEach((column, f) => {
      const { lookback } = candleFeatureSet.features[f];
      const warm = column.subarray(lookback);
      const known = warm.filter(Number.isFinite).length;
      expect(column.subarray(0, lookback).every(Number.isNaN), names[f]).toBe(true);
      expect(column.length, names[f]).toBe(series.length);
      expect(known + warm.filter(Number.isNaN).length, names[f]).toBe(warm.length);
      // Bitcoin's and Litecoin's first 242 days have no volume; some market caps are unknown; Tether's price stands still at times.
      const mayBeUnknown = file === "coin_Tether.csv" || /volume|obv|market_cap/.test(names[f]);
      expect(known / warm.length, names[f]).toBeGreaterThan(mayBeUnknown ? 0.6 : 0.99);
      expect(Math.max(...warm.filter(Number.isFinite).map(Math.abs)), names[f]).toBeLessThan(/robust_z/.test(names[f]) ? 1e6 : 1e4);
    });
    expect(volatility.subarray(20).every((value) => value > 0 || (file === "coin_Tether.csv" && Number.isNaN(value)))).toBe(true);
  });
});
