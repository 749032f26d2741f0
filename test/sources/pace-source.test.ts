import { describe, expect, test } from "vitest";
import type { CandleSource } from "../../sources/candle-source.ts";
import { paceSource } from "../../sources/pace-source.ts";

const REQUEST = { symbol: "BTC", interval: "1d", range: { from: 0, to: 1 } } as const;

function recording(requestsPerSecond: number): { source: CandleSource; times: number[] } {
  const times: number[] = [];
  const source: CandleSource = {
    name: "recording",
    requestsPerSecond,
    newestOnly: null,
    async fetchPage() {
      times.push(performance.now());
      return { rows: [], covered: { from: 0, to: 1 }, next: null, servedAt: null };
    },
  };
  return { source, times };
}

describe("a paced source", () => {
  test("asks no two times within its interval, though all want to at once", async () => {
    const { source, times } = recording(50);
    const paced = paceSource(source);
    await Promise.all(Array.from({ length: 6 }, () => paced.fetchPage(REQUEST)));
    expect(times).toHaveLength(6);
    expect(times[5] - times[0]).toBeGreaterThan(5 * 20);
  });

  test("a request that is cancelled while it waits is never made", async () => {
    const { source, times } = recording(1);
    const paced = paceSource(source);
    await paced.fetchPage(REQUEST);
    await expect(paced.fetchPage(REQUEST, { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
    expect(times).toHaveLength(1);
  });
});
