import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BinanceWithTicker, startBinanceWithTicker, tickerRow } from "../binance-with-ticker.ts";
import { type Market, marketAvailable, startMarket } from "../market-server.ts";
import { scanHistories } from "./scan-histories.ts";
import { type System, startSystem } from "./system.ts";

const AS_OF = "2016-12-31T12:00:00Z";
const KEY = "k3y-that-nobody-may-see";
const USDC = tickerRow("USDCUSDT", 9_999_999, 1);

describe.skipIf(!marketAvailable)("a run over the largest coins", () => {
  let market: Market;
  let binance: BinanceWithTicker;
  let system: System;
  beforeAll(async () => {
    market = await startMarket({ now: AS_OF });
    binance = await startBinanceWithTicker(market.url);
    system = await startSystem({
      BINANCE_URL: binance.url,
      CRYPTOCOMPARE_URL: market.url,
      SYMBOLS: "top:2",
      CANDLE_SOURCE: "binance",
      CRYPTOCOMPARE_API_KEY: KEY,
    });
  });
  afterAll(async () => {
    await system?.stop();
    await binance?.stop();
    await market?.stop();
  });

  test("takes those with the largest quote volume, asked for once and recorded", async () => {
    binance.list([tickerRow("LTCUSDT", 500), tickerRow("BTCUSDT", 9_000), USDC, tickerRow("XRPUSDT", 200), tickerRow("ETHBTC", 99_999)]);
    const result = await system.run({ asOf: AS_OF });
    expect(result.symbols.map(({ symbol, status }) => [symbol, status])).toEqual([
      ["BTC", "ok"],
      ["LTC", "ok"],
    ]);
    expect(result.universe).toMatchObject({
      top: 2,
      by: "quote volume",
      source: "binance",
      symbols: ["BTC", "LTC"],
      problem: null,
      left: [],
    });
    expect(binance.asked()).toBe(1);
  }, 120_000);

  test("a coin that vanished or fell behind keeps its entry, stale with the reason; a new one fails alone", async () => {
    binance.list([tickerRow("BTCUSDT", 9_000), tickerRow("NEWUSDT", 700), tickerRow("XRPUSDT", 200)]);
    const result = await system.run({ asOf: AS_OF });
    expect(result.universe).toMatchObject({ symbols: ["BTC", "NEW"], left: [{ symbol: "LTC", rank: null }] });
    expect(result.symbols.map(({ symbol, status }) => [symbol, status])).toEqual([
      ["BTC", "ok"],
      ["NEW", "failed"],
    ]);
    expect(result.symbols[1].error).toMatch(/^NEW: no candles could be fetched: binance has no pair NEWUSDT/);
    const manifest = await system.manifest();
    expect(manifest?.symbols.LTC).toMatchObject({
      status: "stale",
      staleReason: "LTC has left the 2 largest coins by quote volume at binance: binance ranks it no longer",
      stale: { code: "left_universe", rank: null, top: 2, by: "quote volume", source: "binance" },
    });
    expect(manifest?.symbols.LTC.models).toHaveLength(6);
  }, 120_000);

  test("uses the newest manifest's coins if the ranking can't be had", async () => {
    binance.list(null);
    const result = await system.run({ asOf: AS_OF });
    expect(result.universe).toMatchObject({ symbols: ["BTC"], problem: expect.stringMatching(/HTTP 500/), left: [] });
    expect(result.symbols).toMatchObject([{ symbol: "BTC", status: "ok" }]);
    binance.list([]);
    expect((await system.run({ asOf: AS_OF })).universe).toMatchObject({
      symbols: ["BTC"],
      problem: "binance lists only 0 coins",
      left: [],
    });
  }, 120_000);

  test("a run by hand leaves the entries of other coins as they are", async () => {
    binance.list([tickerRow("LTCUSDT", 9_999), tickerRow("BTCUSDT", 5)]);
    const result = await system.run({ symbols: ["top:1"], asOf: AS_OF });
    expect(result.universe).toMatchObject({ symbols: ["LTC"], left: [] });
    expect((await system.manifest())?.symbols.BTC.status).toBe("fresh");
  }, 120_000);

  test("no history holds a key or a payload above 64 KB, whatever failed", async () => {
    await market.control({
      faults: [
        { match: "mktcap", kind: "http-451", times: 1 },
        { match: "histo", kind: "error-200", times: 1 },
      ],
    });
    const ranked = await system.run({ symbols: ["top:1"], source: "cryptocompare", asOf: AS_OF });
    expect(ranked.universe).toMatchObject({ source: "cryptocompare", problem: expect.stringMatching(/HTTP 451/) });
    const scanned = await scanHistories(system.client, [KEY]);
    expect(scanned).toMatchObject({ leaks: [], histories: expect.any(Number) });
    expect(scanned.histories).toBeGreaterThan(10);
    expect(scanned.largestPayload).toBeLessThan(64 * 1024);
    // What the scan looks for, it finds.
    expect((await scanHistories(system.client, ["NEWUSDT"])).leaks).not.toEqual([]);
  }, 120_000);
});

describe.skipIf(!marketAvailable)("coins by market cap", () => {
  test("come from CryptoCompare where there is a key", async () => {
    const { createSources } = await import("../../sources/create-sources.ts");
    const market = await startMarket();
    try {
      const { cryptocompare } = createSources({ cryptocompareUrl: market.url, cryptocompareApiKey: "k" });
      const page = await cryptocompare.rankCoins?.({ page: 0 });
      expect(page).toMatchObject({ by: "market cap", more: false });
      expect(page?.coins[0]).toMatchObject({ symbol: "BTC", size: expect.any(Number) });
      expect(page?.coins.length).toBeGreaterThan(10);
    } finally {
      await market.stop();
    }
  });
});
