import { describe, expect, test } from "vitest";
import type { ActivityDependencies } from "../../activities/dependencies.ts";
import type { Run, StepHeartbeat } from "../../activities/heartbeat.ts";
import { fetchCandles } from "../../activities/ingest/fetch-candles.ts";
import { CandleNotClosedYetError, RateLimitedError, SourceUnavailableError } from "../../core/vocabulary/errors.ts";
import type { TimeRange } from "../../core/vocabulary/time-range.ts";
import type { CandleSource } from "../../sources/candle-source.ts";
import { loadSeries } from "../../storage/candle-files/candle-store.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";

const DAY = 86_400_000;
const LISTED = Date.parse("2020-01-01");
const LIMIT = 10;

interface Service {
  readonly asked: TimeRange[];
  readonly atOnce: () => number;
  readonly source: CandleSource;
}

/** Serves days from a listing on, ten a request. @param disturb throws, or says which of the rows are lost */
function service(candles: number, disturb: (range: TimeRange, request: number) => number | null = () => null): Service {
  const asked: TimeRange[] = [];
  let [now, most] = [0, 0];
  const source: CandleSource = {
    name: "binance",
    requestsPerSecond: 1_000,
    newestOnly: null,
    pagesOf({ range }) {
      if (range.from === 0) return [range];
      const pages = Math.ceil((range.to - range.from) / (LIMIT * DAY));
      return Array.from({ length: pages }, (_, i) => {
        const from = range.from + i * LIMIT * DAY;
        return { from, to: Math.min(from + LIMIT * DAY, range.to) };
      });
    },
    async fetchPage({ range }) {
      const request = asked.push(range);
      most = Math.max(most, ++now);
      await new Promise((next) => setTimeout(next, 5));
      now--;
      const lost = disturb(range, request);
      const times = Array.from({ length: candles }, (_, i) => LISTED + i * DAY).filter((time) => time >= range.from && time < range.to);
      const served = times.slice(0, LIMIT).filter((_, i) => i !== lost);
      const isFull = times.length > LIMIT;
      const end = isFull ? times[LIMIT - 1] + DAY : range.to;
      return {
        rows: served.map((openTime) => ({ openTime, open: 1, high: 1, low: 1, close: 1, volume: 1, quoteVolume: 1, marketCap: null })),
        covered: { from: range.from === 0 ? (served[0] ?? end) : range.from, to: end },
        next: isFull ? { from: end, to: range.to } : null,
        servedAt: null,
      };
    },
  };
  return { asked, atOnce: () => most, source };
}

function run(lastProgress: StepHeartbeat | null = null, attempt = 1): Run & { last(): StepHeartbeat | null } {
  let last = lastProgress;
  return {
    attempt,
    attempts: 6,
    signal: new AbortController().signal,
    lastProgress,
    progress: (step) => {
      last = structuredClone(step);
    },
    last: () => last,
  };
}

function system({ source }: Service, { now = Date.parse("2024-01-01") }: { now?: number } = {}) {
  const store = createMemoryStore();
  const deps = { store, sources: { binance: source }, now: () => now } as unknown as ActivityDependencies;
  const stored = async () => (await loadSeries(store, "BTC", "1d", { asOf: now, knownAt: now })).series.length;
  return { deps, stored };
}

const input = (candles: number, from = 0) => ({
  symbol: "BTC",
  interval: "1d" as const,
  asOf: new Date(LISTED + candles * DAY).toISOString(),
  source: "binance",
  range: { from, to: LISTED + candles * DAY },
  known: from > 0,
});

describe("fetching candles", () => {
  test("asks for all pages behind the first at once, some at a time, and stores each candle once", async () => {
    const served = service(95);
    const { deps, stored } = system(served);
    const outcome = await fetchCandles(deps, input(95), run());
    expect(outcome).toMatchObject({ pages: 10, carried: null, problem: null, counts: { requests: 10, received: 95, added: 95 } });
    expect(served.atOnce()).toBe(8);
    expect(await stored()).toBe(95);
  });

  test("leaves what is beyond its pages to the next step, which ends with the same candles", async () => {
    const served = service(405);
    const { deps, stored } = system(served);
    const pages: number[] = [];
    for (let carried = undefined as Awaited<ReturnType<typeof fetchCandles>>["carried"] | undefined; carried !== null; ) {
      const outcome = await fetchCandles(deps, { ...input(405), ...(carried && { carried }) }, run());
      pages.push(outcome.pages);
      carried = outcome.carried;
    }
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.reduce((sum, n) => sum + n, 0)).toBe(41);
    expect(await stored()).toBe(405);
  });

  test("goes on from its heartbeat: no page is asked for twice, and all are counted", async () => {
    let isDown = true;
    const served = service(95, ({ from }) => {
      if (isDown && from === LISTED + 50 * DAY) throw new RateLimitedError("too many", { retryAfterMs: 1_000 });
      return null;
    });
    const { deps, stored } = system(served);
    const first = run();
    await expect(fetchCandles(deps, input(95), first)).rejects.toThrow("too many");
    const before = served.asked.length;
    isDown = false;
    const outcome = await fetchCandles(deps, input(95), run(first.last(), 2));
    expect(served.asked.length).toBe(11);
    expect(served.asked.length - before).toBeLessThan(10);
    expect(outcome).toMatchObject({ carried: null, counts: { requests: 11, added: 95 } });
    expect(await stored()).toBe(95);
  });

  test("a passing failure after some pages leaves the rest to the next step; before any, it is the step's", async () => {
    const failing = (first: number) =>
      service(95, (_, request) => {
        if (request >= first) throw new SourceUnavailableError("HTTP 503");
        return null;
      });
    const some = await fetchCandles(system(failing(4)).deps, input(95), run());
    expect(some).toMatchObject({ problem: "HTTP 503", counts: { added: 30 } });
    expect(some.carried?.todo).toHaveLength(7);
    await expect(fetchCandles(system(failing(1)).deps, input(95), run())).rejects.toThrow("HTTP 503");
  });

  test("asks for lost rows again by their own range", async () => {
    const served = service(95, (_, request) => (request === 4 ? 5 : null));
    const { deps, stored } = system(served);
    const outcome = await fetchCandles(deps, input(95), run());
    expect(outcome.counts).toMatchObject({ requests: 11, received: 94 + 2, added: 95 });
    const { from, to } = served.asked[10];
    expect(to - from).toBe(2 * DAY);
    expect(await stored()).toBe(95);
  });

  test("a newest candle that closed a moment ago is waited for by the step's own retries", async () => {
    const { deps } = system(service(94), { now: LISTED + 95 * DAY + 60_000 });
    const known = input(95, LISTED + 90 * DAY);
    const first = run();
    await expect(fetchCandles(deps, known, first)).rejects.toThrow(CandleNotClosedYetError);
    const last = await fetchCandles(deps, known, run(first.last(), 5));
    expect(last).toMatchObject({ carried: null, counts: { added: 4 } });
  });
});
