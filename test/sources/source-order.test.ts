import { describe, expect, test } from "vitest";
import { createSources } from "../../sources/create-sources.ts";
import { chooseSources, rankingSource, sourceOrder } from "../../sources/source-order.ts";

describe("the order of sources", () => {
  test.each([
    [{ source: "auto", symbol: "BTC", hasKey: false }, ["binance", "kraken"]],
    [{ source: "auto", symbol: "BTC", hasKey: true }, ["cryptocompare"]],
    [{ source: "kraken", symbol: "BTC", hasKey: true }, ["kraken"]],
    [{ source: "binance", symbol: "HET", hasKey: true }, ["simulated"]],
  ])("of %j is %j", (asked, order) => {
    expect(sourceOrder(asked)).toEqual(order);
  });

  test("names only sources that exist", () => {
    const sources = createSources({ cryptocompareApiKey: null });
    for (const hasKey of [true, false])
      for (const symbol of ["BTC", "HET"])
        for (const name of sourceOrder({ source: "auto", symbol, hasKey })) expect(sources[name].name).toBe(name);
  });

  test.each([
    ["auto", false, "binance"],
    ["auto", true, "cryptocompare"],
    ["kraken", false, "kraken"],
    ["file", false, "binance"],
    ["simulated", false, "binance"],
  ])("of source %s with a key: %s, the coins are ranked by %s, or by binance where that one ranks none", (source, hasKey, name) => {
    const sources = createSources({ cryptocompareApiKey: null });
    const expected = sources[name].rankCoins ? name : "binance";
    expect(rankingSource(sources, { source, hasKey })).toBe(expected);
  });

  test("refuses an unknown source, and a selector that was not resolved", () => {
    const sources = createSources({ cryptocompareApiKey: null });
    const choice = { source: "auto", hasKey: false };
    expect(() => chooseSources(sources, ["BTC"], { ...choice, source: "nobody" })).toThrow(/source "nobody" is not one of auto, binance/);
    expect(() => chooseSources(sources, ["BTC", "top:5"], choice)).toThrow(/top:5 stands for several symbols/);
    expect(chooseSources(sources, ["BTC", "HET"], choice)).toEqual([
      { symbol: "BTC", sources: ["binance", "kraken"] },
      { symbol: "HET", sources: ["simulated"] },
    ]);
  });
});
