import { describe, expect, test } from "vitest";
import { RateLimitedError } from "../../core/vocabulary/errors.ts";
import type { CandlePage, CandleSource } from "../../sources/candle-source.ts";
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

/** Answers as it is told, one after the other, and goes on with the last. */
function answering(...answers: (() => Pick<CandlePage, "used" | "servedAt">)[]): { source: CandleSource; times: number[] } {
  const { source, times } = recording(100);
  let next = 0;
  const fetchPage: CandleSource["fetchPage"] = async (request) => ({
    ...(await source.fetchPage(request)),
    ...answers[Math.min(next++, answers.length - 1)](),
  });
  return { source: { ...source, fetchPage }, times };
}

describe("a paced source", () => {
  test("asks as often as its share of the limit allows", async () => {
    const { source, times } = recording(100);
    const paced = paceSource(source, { share: () => 0.5 });
    await Promise.all(Array.from({ length: 4 }, () => paced.fetchPage(REQUEST)));
    expect(times[3] - times[0]).toBeGreaterThan(3 * 20);
  });

  test("is left alone by all for as long as it says after a refusal", async () => {
    const { source, times } = answering(
      () => {
        throw new RateLimitedError("too many", { retryAfterMs: 200 });
      },
      () => ({ servedAt: null }),
    );
    const paced = paceSource(source);
    const asked = await Promise.allSettled([1, 2, 3].map(() => paced.fetchPage(REQUEST)));
    expect(asked.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
    expect(times[1] - times[0]).toBeGreaterThanOrEqual(199);
  });

  test("takes no request at all while a long refusal holds, and says how long that is", async () => {
    const { source, times } = answering(() => {
      throw new RateLimitedError("banned", { retryAfterMs: 60_000 });
    });
    const paced = paceSource(source);
    await expect(paced.fetchPage(REQUEST)).rejects.toThrow("banned");
    const error = await paced.fetchPage(REQUEST).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RateLimitedError);
    expect((error as RateLimitedError).retryAfterMs).toBeGreaterThan(59_000);
    expect(times).toHaveLength(1);
  });

  test("is asked at half the pace while most of its own limit is used up, and at the usual one afterwards", async () => {
    const { source, times } = answering(
      () => ({ used: 0.9, servedAt: 0 }),
      () => ({ used: 0.1, servedAt: 0 }),
    );
    const paced = paceSource(source);
    for (let i = 0; i < 3; i++) await paced.fetchPage(REQUEST);
    // One interval of the usual pace, then one of half the pace; a timer that is late only adds to it.
    expect(times[2] - times[0]).toBeGreaterThan(30);
  });

  test("is not asked again in a minute whose limit is nearly used up", async () => {
    const { source } = answering(() => ({ used: 0.96, servedAt: 15_000 }));
    const paced = paceSource(source);
    await paced.fetchPage(REQUEST);
    const error = await paced.fetchPage(REQUEST).catch((reason: unknown) => reason);
    expect((error as RateLimitedError).retryAfterMs).toBeGreaterThan(44_000);
  });

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
