import { expect, test } from "vitest";
import { pipelineSummary } from "../../workflows/pipeline-page.ts";

const PUBLISHED = "Published manifest 1: 1 of 1 symbols fresh.";
const ok = { symbol: "HET", status: "ok" as const, error: null };
const failed = (symbol: string) => ({
  symbol,
  status: "failed" as const,
  error: `${symbol}: no candles could be fetched: binance, ${symbol} 1d: can't be reached`,
});

test("a run's summary gives the reason if one symbol failed, and only names if many did", () => {
  expect(pipelineSummary(PUBLISHED, [ok])).toBe(PUBLISHED);
  expect(pipelineSummary(PUBLISHED, [ok, failed("BTC")])).toBe(`${PUBLISHED} ${failed("BTC").error}`);
  expect(pipelineSummary(PUBLISHED, [failed("BTC"), failed("ETH"), ok])).toBe(`${PUBLISHED} 2 of 3 symbols failed: BTC, ETH.`);
});

test("a run's summary stays one sentence if hundreds of symbols failed", () => {
  const summary = pipelineSummary(
    PUBLISHED,
    Array.from({ length: 500 }, (_, i) => failed(`C${i}`)),
  );
  expect(summary).toMatch(/ 500 of 500 symbols failed: C0, C1, .*, C11 and 488 more\.$/);
});
