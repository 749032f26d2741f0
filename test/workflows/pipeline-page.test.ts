import { expect, test } from "vitest";
import { pipelinePage, pipelineSummary } from "../../workflows/pipeline-page.ts";
import { failedOutcome, NOTHING_FETCHED } from "../../workflows/symbol-outcome.ts";

const PUBLISHED = "Published manifest 1: 1 of 1 symbols fresh.";
const failed = (symbol: string) => ({
  symbol,
  error: `${symbol}: no candles could be fetched: binance, ${symbol} 1d: can't be reached`,
});

test("a run's summary gives the reason if one symbol failed, and only names if many did", () => {
  expect(pipelineSummary(PUBLISHED, { failed: [], coins: 1 })).toBe(PUBLISHED);
  expect(pipelineSummary(PUBLISHED, { failed: [failed("BTC")], coins: 2 })).toBe(`${PUBLISHED} ${failed("BTC").error}`);
  expect(pipelineSummary(PUBLISHED, { failed: [failed("BTC"), failed("ETH")], coins: 3 })).toBe(
    `${PUBLISHED} 2 of 3 symbols failed: BTC, ETH.`,
  );
});

test("a run's summary stays one sentence if hundreds of symbols failed", () => {
  const many = Array.from({ length: 500 }, (_, i) => failed(`C${i}`));
  expect(pipelineSummary(PUBLISHED, { failed: many, coins: 500 })).toMatch(/ 500 of 500 symbols failed: C0, C1, .*, C11 and 488 more\.$/);
});

test("a run's page stays small if thousands of symbols failed, left the universe, or went well", () => {
  const results = Array.from({ length: 10_000 }, (_, i) => failedOutcome(`C${i}`, NOTHING_FETCHED, failed(`C${i}`).error).result);
  const left = results.map(({ symbol }) => ({ symbol, rank: null }));
  const universe = { top: 1, source: "binance", by: "quote volume", rankedAt: "2020-12-31", symbols: [], problem: null, left } as const;
  const page = pipelinePage({ summary: PUBLISHED, universe, results, decisions: null, manifest: null });
  expect(page.length).toBeLessThan(20_000);
  expect(page).toContain("- failed: C119: no candles");
  expect(page).toContain("- … 9880 more");
  expect(page).toContain("and 9880 more");
  expect(pipelinePage({ summary: PUBLISHED, universe: null, results: [], ready: 10_000, decisions: null, manifest: null })).toContain(
    "10000 coins are ready",
  );
});
