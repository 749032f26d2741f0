import { expect, test } from "vitest";
import { RateLimitedError } from "../../core/vocabulary/errors.ts";
import type { CandleSource } from "../../sources/candle-source.ts";
import { createSimulated } from "../../sources/simulated.ts";
import { observeSources } from "../../telemetry/observe-sources.ts";

function observed(source: CandleSource) {
  const requests: string[] = [];
  const metrics = {
    activity: () => {},
    candles: () => {},
    forecastsKept: () => {},
    outcomes: () => {},
    expectSource: () => {},
    sourceRequest: (name: string, outcome: string) => requests.push(`${name} ${outcome}`),
  };
  return { source: observeSources({ it: source }, { metrics, tracing: null }).it, requests };
}

const range = { from: Date.parse("2020-01-01"), to: Date.parse("2020-01-03") };

test("requests for candles and for a ranking are counted by source and outcome", async () => {
  let refusals = 1;
  const { source, requests } = observed({
    ...createSimulated(),
    rankCoins: async () => {
      if (refusals-- > 0) throw new RateLimitedError("too many", { retryAfterMs: null });
      return { by: "market cap", coins: [], more: false };
    },
  });
  await source.fetchPage({ symbol: "HET", interval: "1d", range });
  await expect(source.rankCoins?.({ page: 0 })).rejects.toThrow("too many");
  expect(await source.rankCoins?.({ page: 0 })).toMatchObject({ coins: [] });
  expect(requests).toEqual(["simulated ok", "simulated RateLimited", "simulated ok"]);
});

test("an observed source ranks coins only if the source itself does", () => {
  expect(observed(createSimulated()).source.rankCoins).toBeUndefined();
});
