import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadSeries, upsertCandles } from "../../storage/candle-files/candle-store.ts";
import { createFileStore } from "../../storage/object-store/file-store.ts";
import type { SymbolOutcome } from "../../workflows/symbol-outcome.ts";
import { rowsOf } from "../candles/rows.ts";
import { type Market, marketAvailable, startMarket } from "../market-server.ts";
import { scanHistories } from "./scan-histories.ts";
import { type System, startSystem } from "./system.ts";

const AS_OF = "2020-12-31T12:00:00Z";
const SYMBOL = "ADA";
const KEY = "k3y-that-nobody-may-see";

/** Faults that a run survives by itself, three in a row. */
const MENDED = [
  "http-429",
  "http-500",
  "http-503",
  "error-200",
  "truncate",
  "reset",
  "slow",
  "html",
  "empty",
  "stale",
  "dup",
  "shuffle",
  "gap",
  "nan",
  "negative",
  "huge",
  "future",
];

describe.skipIf(!marketAvailable)("ingestion, when a source fails three times in a row", () => {
  let market: Market;
  let system: System;
  const undisturbed = new Map<string, unknown>();

  beforeAll(async () => {
    market = await startMarket();
    const url = market.url;
    system = await startSystem({ BINANCE_URL: url, KRAKEN_URL: url, CRYPTOCOMPARE_URL: url, CRYPTOCOMPARE_API_KEY: KEY });
  });
  afterAll(async () => {
    await system?.stop();
    await market?.stop();
  });

  async function ingest(
    sources: readonly string[],
    fault: string | null,
    { keep = false }: { keep?: boolean } = {},
  ): Promise<{ outcome: SymbolOutcome; candles: unknown[] }> {
    if (!keep) await rm(join(system.storeFolder, "data"), { recursive: true, force: true });
    const match = sources[0] === "binance" ? "klines" : "histo";
    await market.control({
      faults: fault ? [{ match, kind: fault, times: 3, retryAfter: 1, ...(fault === "slow" ? { afterMs: 1_500 } : {}) }] : [],
    });
    const outcome = await system.ingest({ symbol: SYMBOL, sources, interval: "1d", asOf: AS_OF, parent: null });
    const { series } = await loadSeries(system.store, SYMBOL, "1d", { asOf: Date.parse(AS_OF) });
    return { outcome, candles: rowsOf(series).map(({ fetchedAt: _, ...candle }) => candle) };
  }

  async function reference(source: string): Promise<unknown[]> {
    if (!undisturbed.has(source)) undisturbed.set(source, (await ingest([source], null)).candles);
    return undisturbed.get(source) as unknown[];
  }

  test.each(MENDED)(
    "%s: binance's candles are the same as undisturbed",
    async (fault) => {
      const expected = await reference("binance");
      const { outcome, candles } = await ingest(["binance"], fault);
      expect(outcome.result).toMatchObject({ status: "ok", error: null });
      expect(candles).toEqual(expected);
    },
    60_000,
  );

  test.each(MENDED)(
    "%s: cryptocompare's candles are the same as undisturbed",
    async (fault) => {
      const expected = await reference("cryptocompare");
      const { outcome, candles } = await ingest(["cryptocompare"], fault);
      expect(outcome.result).toMatchObject({ status: "ok", error: null });
      expect(candles).toEqual(expected);
    },
    60_000,
  );

  test("http-451: another source is asked at once; without one, the failure names the refused location", async () => {
    const { outcome, candles } = await ingest(["binance", "kraken"], "http-451");
    expect(outcome.result).toMatchObject({ status: "ok", source: "kraken" });
    expect(candles).toHaveLength(720 - 1);
    const alone = await ingest(["binance"], "http-451");
    expect(alone.outcome.result).toMatchObject({
      status: "failed",
      error: expect.stringMatching(/^ADA: no candles could be fetched: .*not served to this location/),
    });
  }, 60_000);

  test.each(["http-451", "http-503"])(
    "%s: a series that has begun keeps its source, and nothing of another is stored",
    async (fault) => {
      const { candles } = await ingest(["binance", "kraken"], null);
      await market.control({ faults: [{ match: "klines", kind: fault, times: 100 }] });
      const outcome = await system.ingest({ symbol: SYMBOL, sources: ["binance", "kraken"], interval: "1d", asOf: AS_OF, parent: null });
      expect(outcome.result).toMatchObject({ status: "failed", error: expect.stringContaining("its candles stay those of binance") });
      const again = await ingest(["binance", "kraken"], null, { keep: true });
      expect(again.candles).toEqual(candles);
      expect(again.outcome.result).toMatchObject({ status: "ok", source: "binance", counts: { revised: 0 } });
    },
    120_000,
  );

  test("another coin of the same name, from another source, is refused by name and value", async () => {
    await ingest(["kraken"], null);
    const { series } = await loadSeries(system.store, SYMBOL, "1d", { asOf: Date.parse(AS_OF) });
    await rm(join(system.storeFolder, "data"), { recursive: true, force: true });
    const scaled = (column: Float64Array) => column.map((value) => value * 65_000);
    const { open, high, low, close } = series;
    await upsertCandles(createFileStore(system.storeFolder), {
      ...series,
      open: scaled(open),
      high: scaled(high),
      low: scaled(low),
      close: scaled(close),
    });
    const { outcome } = await ingest(["binance"], null, { keep: true });
    expect(outcome.result.error).toMatch(
      /ADA 1d: these candles are not of the stored coin.*factor of 6.5\de\+4.*from kraken, and 0\.\d+ comes from binance/,
    );
    expect(outcome.result.counts).toMatchObject({ added: 0, revised: 0 });
  }, 60_000);

  test("another coin's whole history is refused before its first page is stored", async () => {
    await market.control({ faults: [] });
    await rm(join(system.storeFolder, "data"), { recursive: true, force: true });
    const ask = (source: string) => system.ingest({ symbol: "BTC", sources: [source], interval: "1h", asOf: AS_OF, parent: null });
    const stored = async () => (await loadSeries(system.store, "BTC", "1h", { asOf: Date.parse(AS_OF) })).series;
    await ask("kraken");
    const newest = await stored();
    const scaled = (column: Float64Array) => column.map((value) => value / 100);
    const { open, high, low, close } = newest;
    await rm(join(system.storeFolder, "data"), { recursive: true, force: true });
    const other = { ...newest, open: scaled(open), high: scaled(high), low: scaled(low), close: scaled(close) };
    await upsertCandles(createFileStore(system.storeFolder), other);
    expect((await ask("binance")).result.error).toMatch(/not of the stored coin/);
    expect((await stored()).length).toBe(newest.length);
  }, 120_000);

  test("damaged rows are counted by reason", async () => {
    expect((await ingest(["binance"], "nan")).outcome.result.counts.rejected).toEqual({ "price-not-finite": 3 });
    expect((await ingest(["binance"], "negative")).outcome.result.counts.rejected).toEqual({ "price-not-positive": 3 });
    expect((await ingest(["binance"], "future")).outcome.result.counts.rejected).toMatchObject({ future: expect.any(Number) });
    expect((await ingest(["binance"], "dup")).outcome.result.counts.dropped).toMatchObject({ duplicate: expect.any(Number) });
  }, 60_000);

  test("no history of all these runs holds the key, or a payload above 64 KB", async () => {
    await market.control({ faults: [{ match: "histo", kind: "http-500", times: 100 }] });
    const failed = await system.ingest({
      symbol: SYMBOL,
      sources: ["cryptocompare"],
      interval: "1d",
      asOf: AS_OF,
      parent: null,
    });
    await market.control({ faults: [] });
    expect(failed.result.error).toMatch(/cryptocompare.*HTTP 500/);
    await system.backfill({ symbols: [SYMBOL], from: "2020-01-01", to: "2020-03-01", source: "cryptocompare" });
    await expect(system.run({ symbols: [SYMBOL], source: "cryptocompare", asOf: "2999-01-01" })).rejects.toThrow(/lies in the future/);
    const scanned = await scanHistories(system.client, [KEY]);
    expect(scanned.leaks).toEqual([]);
    expect(scanned.largestPayload).toBeLessThan(64 * 1024);
    expect(scanned.histories).toBeGreaterThan(36);
  }, 120_000);
});
