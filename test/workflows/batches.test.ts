import { describe, expect, test } from "vitest";
import { NO_COUNTS } from "../../core/vocabulary/ingest-counts.ts";
import { batchPage } from "../../workflows/batch-page.ts";
import { batchesOf } from "../../workflows/batches-of.ts";
import { afterFailure, uncompared } from "../../workflows/next-source.ts";
import { failedOutcome, NOTHING_FETCHED, readyOutcome } from "../../workflows/symbol-outcome.ts";

describe("batches", () => {
  test("hold every coin once, in the order of the coins, and are about as large as one another", () => {
    for (const n of [0, 1, 24, 25, 26, 187, 500]) {
      const coins = Array.from({ length: n }, (_, i) => i);
      const batches = batchesOf(coins, 25);
      expect(batches.flat()).toEqual(coins);
      expect(batches).toHaveLength(Math.ceil(n / 25));
      const sizes = batches.map(({ length }) => length);
      if (n > 0) expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  });
});

describe("after a source has failed", () => {
  const sources = ["binance", "kraken"];
  const failure = { type: "SourceUnavailable", message: "binance: HTTP 503" };

  test("the next one is asked, and the last one has none", () => {
    expect(afterFailure(failure, { source: "binance", storedSource: null, sources })).toEqual({
      reasons: ["binance: HTTP 503"],
      asksNext: true,
    });
    expect(afterFailure(failure, { source: "kraken", storedSource: null, sources }).asksNext).toBe(false);
  });

  test("a series that it began stays its own, unless it does not know the coin any more", () => {
    const stored = { source: "binance", storedSource: "binance", sources };
    expect(afterFailure(failure, stored)).toEqual({
      reasons: ["binance: HTTP 503", expect.stringContaining("its candles stay those of binance")],
      asksNext: false,
    });
    expect(afterFailure({ type: "UnknownSymbol", message: "no such coin" }, stored).asksNext).toBe(true);
  });

  test("a series that another source goes on with says so where nothing showed that it is the same coin", () => {
    const other = { source: "kraken", storedSource: "binance", sources };
    expect(uncompared(other, 0)).toEqual([expect.stringContaining("could be compared with the stored candles of binance")]);
    expect(uncompared(other, 3)).toEqual([]);
    expect(uncompared({ ...other, storedSource: null }, 0)).toEqual([]);
  });
});

test("the page of a batch tells of each coin what became of it", () => {
  const candles = {
    rows: 730,
    missing: 2,
    firstOpenTime: "2019-01-01T00:00:00.000Z",
    lastOpenTime: "2020-12-30T00:00:00.000Z",
    suspectJumps: [],
  };
  const counts = { ...NO_COUNTS, requests: 3, received: 733, added: 730, rejected: { future: 3 } };
  const snapshot = { key: "data/features/symbol=BTC/1.json", sha256: "1", bytes: 1, rows: null };
  const page = batchPage(
    [
      readyOutcome("BTC", { source: "kraken", counts, seconds: { ingest: 1, features: 1 } }, { snapshot, candles }),
      failedOutcome("XRP", NOTHING_FETCHED, "XRP: no candles could be fetched: a | b"),
    ],
    new Map([["BTC", ["binance: HTTP 451"]]]),
  );
  expect(page.split("\n").filter(Boolean)).toEqual([
    "**1 of 2 coins are ready.**",
    "- failed: XRP: no candles could be fetched: a   b",
    expect.stringMatching(/^\| symbol \| source \|/),
    expect.stringMatching(/^\|---/),
    "| BTC | kraken | 730 | 2020-12-30 | 2 | 730 | 0 | 3 | 3 |",
    "- BTC: binance: HTTP 451",
    "- BTC: 3 rows not stored: future",
  ]);
});
