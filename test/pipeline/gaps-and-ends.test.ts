import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readLedger } from "../../storage/backfill-files/ledger-file.ts";
import { type Market, marketAvailable, startMarket } from "../market-server.ts";
import { type System, startSystem } from "./system.ts";

const KEY = "k3y-that-nobody-may-see";

describe.skipIf(!marketAvailable)("what a source doesn't have", () => {
  let market: Market;
  let system: System;
  beforeAll(async () => {
    market = await startMarket();
    const { url } = market;
    system = await startSystem({ BINANCE_URL: url, KRAKEN_URL: url, CRYPTOCOMPARE_URL: url, CRYPTOCOMPARE_API_KEY: KEY });
  });
  afterAll(async () => {
    await system?.stop();
    await market?.stop();
  });
  const ingest = async (symbol: string, source: string, asOf: string) =>
    (await system.ingest({ symbol, sources: [source], interval: "1d", asOf, parent: null })).result;

  test("a gap that answers the same way again and again is recorded as its own, and no backfill asks for it", async () => {
    const asOf = "2020-12-31T12:00:00Z";
    expect(await ingest("BTC", "cryptocompare", asOf)).toMatchObject({ status: "ok", missing: 6 });
    const { asked } = await readLedger(system.store, "BTC", "1d");
    expect(asked).toMatchObject([{ from: Date.parse("2011-06-20"), to: Date.parse("2011-06-26") }]);
    const result = await system.backfill({ symbols: ["BTC"], from: "2011-06-01", to: "2011-07-01", source: "cryptocompare" });
    expect(result).toMatchObject({ windows: 0, failedWindows: 0 });
  }, 60_000);

  test("candles of a coin that has ended are asked for once a day, without a wait", async () => {
    const asOf = "2021-01-20T12:00:00Z";
    await market.control({ now: asOf });
    expect(await ingest("ADA", "binance", asOf)).toMatchObject({ status: "ok", lastOpenTime: "2020-12-31T00:00:00.000Z" });
    await ingest("ADA", "binance", asOf);
    await market.control({ resetStats: true });
    const later = await ingest("ADA", "binance", "2021-01-20T18:00:00Z");
    expect(later).toMatchObject({ status: "ok", counts: { requests: 0 } });
    expect((await market.stats()).requests).toBe(0);
  }, 90_000);
});
