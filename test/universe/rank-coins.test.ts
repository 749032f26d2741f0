import { describe, expect, test } from "vitest";
import { type ListedCoin, rankCoins } from "../../core/universe/rank-coins.ts";
import { requestUniverse, resolveUniverse } from "../../core/universe/resolve-universe.ts";
import { MAX_SYMBOLS, splitSelectors, topCount } from "../../core/universe/selector.ts";

const coin = (symbol: string, size: number, price = 10, spread = 1): ListedCoin => ({
  symbol,
  size,
  price,
  high: price + spread / 2,
  low: price - spread / 2,
});
const names = (listed: readonly ListedCoin[]) => rankCoins(listed).map(({ symbol }) => symbol);

describe("rankCoins", () => {
  test("puts the largest first, whatever the input's order", () => {
    expect(names([coin("ADA", 2), coin("BTC", 9), coin("ETH", 5)])).toEqual(["BTC", "ETH", "ADA"]);
  });

  test("leaves out coins pegged to a dollar, a euro, gold or another coin, by name", () => {
    const pegged = ["USDC", "FDUSD", "EUR", "PAXG", "WBTC", "WBETH"];
    expect(names([coin("BTC", 9), ...pegged.map((symbol) => coin(symbol, 20))])).toEqual(["BTC"]);
  });

  test("leaves out a coin that stays at a dollar all day, though no list names it", () => {
    expect(names([coin("NEWUSD", 9, 1.0005, 0.001), coin("XRP", 5, 1.001, 0.04), coin("ADA", 4, 0.4, 0.001)])).toEqual(["XRP", "ADA"]);
  });

  test("leaves out leveraged tokens of listed coins, and keeps coins whose names only end like them", () => {
    const listed = ["BTC", "BTCUP", "BTCDOWN", "ETH", "ETHBULL", "ETHBEAR", "BTC3L", "ETH5S", "JUP", "SYRUP"];
    expect(names(listed.map((symbol, i) => coin(symbol, 100 - i)))).toEqual(["BTC", "ETH", "JUP", "SYRUP"]);
  });

  test("leaves out coins without a size, and names that are not symbols", () => {
    expect(names([coin("BTC", 9), coin("OLD", 0), coin("GONE", Number.NaN), coin("$X", 5), coin("币", 5)])).toEqual(["BTC"]);
  });

  test("takes a coin that is listed twice once, at its larger size", () => {
    expect(names([coin("ETH", 5), coin("BTC", 1), coin("BTC", 9)])).toEqual(["BTC", "ETH"]);
  });
});

describe("selectors", () => {
  test.each([
    ["top:50", 50],
    ["TOP:1", 1],
    ["top:10000", 10_000],
    ["top:10001", null],
    ["top:0", null],
    ["TOP", null],
    ["BTC", null],
  ])("%s asks for %s", (text, count) => {
    expect(topCount(text)).toBe(count);
  });

  test("ask for no more coins than a run may have, the named ones last", () => {
    const ranked = Array.from({ length: MAX_SYMBOLS }, (_, i) => `C${i}`);
    const pages = [{ by: "market cap" as const, rankedAt: "2020-12-31T00:00:00.000Z", symbols: ranked, places: {}, more: false }];
    const request = requestUniverse([`top:${MAX_SYMBOLS - 1}`, "HET", "BTC"], [], "cryptocompare");
    const { symbols } = resolveUniverse(request, { pages, failure: null, askedAt: "", replaces: true });
    expect(symbols).toHaveLength(MAX_SYMBOLS);
    expect(symbols.slice(-2)).toEqual([`C${MAX_SYMBOLS - 2}`, "HET"]);
  });

  test("are separated from named symbols", () => {
    expect(splitSelectors(["TOP:5", "HET"])).toEqual({ symbols: ["HET"], top: 5 });
    expect(splitSelectors(["BTC", "HET"])).toEqual({ symbols: ["BTC", "HET"], top: null });
  });
});
