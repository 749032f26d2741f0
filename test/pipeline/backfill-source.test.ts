import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadSeries } from "../../storage/candle-files/candle-store.ts";
import { type Market, marketAvailable, startMarket } from "../market-server.ts";
import { type System, startSystem } from "./system.ts";

describe.skipIf(!marketAvailable)("a backfill from several sources", () => {
  let market: Market;
  let system: System;
  beforeAll(async () => {
    market = await startMarket();
    system = await startSystem({ BINANCE_URL: market.url, KRAKEN_URL: market.url });
  });
  afterAll(async () => {
    await system?.stop();
    await market?.stop();
  });

  test("leaves a window to the next one where its source fails for a while, instead of filling it from another", async () => {
    const request = { symbols: ["ADA"], from: "2020-10-01", to: "2020-11-01" };
    const sources = async () => new Set((await loadSeries(system.store, "ADA", "1d", { asOf: Date.parse("2021-01-01") })).series.source);
    await market.control({ faults: [{ match: "klines", kind: "http-503", times: 100 }] });
    const first = await system.backfill(request);
    expect(first).toMatchObject({ added: 0, failedWindows: 1 });
    expect(first.failed[0].error).toMatch(/HTTP 503/);
    expect(await sources()).toEqual(new Set());
    await market.control({ faults: [] });
    expect(await system.backfill(request)).toMatchObject({ added: 31, failedWindows: 0 });
    expect(await sources()).toEqual(new Set(["binance"]));
  }, 120_000);
});
