import { describe, expect, test } from "vitest";
import type { Run, StepHeartbeat } from "../../activities/heartbeat.ts";
import { inBatch } from "../../activities/ingest/in-batch.ts";
import { CandleNotClosedYetError, RateLimitedError, SourceUnavailableError, UnknownSymbolError } from "../../core/vocabulary/errors.ts";

const ATTEMPTS = 3;
const coins = ["BTC", "ETH", "XRP", "ADA"].map((symbol) => ({ symbol }));

/** An attempt of a step, and its last heartbeat. */
function attempt(number: number, lastProgress: StepHeartbeat | null = null): { run: Run; last(): StepHeartbeat | null } {
  let last = lastProgress;
  const { signal } = new AbortController();
  const progress = (step: StepHeartbeat) => {
    last = structuredClone(step);
  };
  return { run: { attempt: number, attempts: ATTEMPTS, signal, lastProgress, progress }, last: () => last };
}

interface Asked {
  readonly symbol: string;
  readonly attempt: number;
  readonly lastProgress: StepHeartbeat | null;
}

/** Does a batch's work. @param disturb what a coin fails with, if it does */
function batch(disturb: (symbol: string, attempt: number) => unknown = () => null, { atOnce = 2, mostMs = 60_000 } = {}) {
  const asked: Asked[] = [];
  let [now, most] = [0, 0];
  const step = (run: Run) =>
    inBatch(coins, {
      run,
      label: "coins",
      atOnce,
      mostMs,
      work: async ({ symbol }, { attempt, lastProgress, progress }) => {
        asked.push({ symbol, attempt, lastProgress });
        most = Math.max(most, ++now);
        progress({ label: symbol, done: attempt, total: ATTEMPTS });
        await new Promise((next) => setTimeout(next, 2));
        now--;
        const error = disturb(symbol, attempt);
        if (error) throw error;
        return `${symbol} is done`;
      },
    });
  return { step, asked, atOnce: () => most };
}

const done = (symbol: string) => ({ kind: "done", symbol, result: `${symbol} is done` });

describe("a step for many coins", () => {
  test("gives an outcome for each, in their order, and works on some at a time", async () => {
    const { step, atOnce } = batch();
    expect(await step(attempt(1).run)).toEqual(["BTC", "ETH", "XRP", "ADA"].map(done));
    expect(atOnce()).toBe(2);
  });

  test("has the failure of a coin that no retry mends as its outcome, and goes on with the others", async () => {
    const { step, asked } = batch((symbol) => (symbol === "ETH" ? new UnknownSymbolError("nobody knows ETH") : null));
    const failed = { kind: "failed", symbol: "ETH", failure: { type: "UnknownSymbol", message: "nobody knows ETH" } };
    expect(await step(attempt(1).run)).toEqual([done("BTC"), failed, done("XRP"), done("ADA")]);
    expect(asked).toHaveLength(4);
  });

  test("fails for a coin that may do better after the others had their turn; the next attempt asks for that coin alone", async () => {
    const { step, asked } = batch((symbol, tries) => (symbol === "BTC" && tries === 1 ? new SourceUnavailableError("HTTP 500") : null));
    const first = attempt(1);
    await expect(step(first.run)).rejects.toThrow("HTTP 500");
    expect(asked.splice(0)).toHaveLength(4);
    expect(first.last()).toMatchObject({ done: 3, total: 4 });
    expect(await step(attempt(2, first.last()).run)).toEqual(["BTC", "ETH", "XRP", "ADA"].map(done));
    expect(asked).toEqual([{ symbol: "BTC", attempt: 2, lastProgress: { label: "BTC", done: 1, total: ATTEMPTS } }]);
  });

  test("waits as long as the service asks for that asks for most", async () => {
    const delays: Record<string, unknown> = {
      BTC: new CandleNotClosedYetError("not yet"),
      ETH: new RateLimitedError("too many", { retryAfterMs: 1_000 }),
      XRP: new RateLimitedError("far too many", { retryAfterMs: 9_000 }),
    };
    await expect(batch((symbol) => delays[symbol]).step(attempt(1).run)).rejects.toThrow("far too many");
    const fault = { ...delays, ETH: new SourceUnavailableError("HTTP 500"), XRP: null };
    await expect(batch((symbol) => fault[symbol as keyof typeof fault]).step(attempt(1).run)).rejects.toThrow("HTTP 500");
  });

  test("has the failure of a coin that used up its tries as its outcome", async () => {
    const { step } = batch((symbol) => (symbol === "ADA" ? new SourceUnavailableError("HTTP 503") : null));
    let last: StepHeartbeat | null = null;
    for (let number = 1; number < ATTEMPTS; number++) {
      const one = attempt(number, last);
      await expect(step(one.run)).rejects.toThrow("HTTP 503");
      last = one.last();
    }
    const failed = { kind: "failed", symbol: "ADA", failure: { type: "SourceUnavailable", message: "HTTP 503" } };
    expect(await step(attempt(ATTEMPTS, last).run)).toEqual([done("BTC"), done("ETH"), done("XRP"), failed]);
  });

  test("leaves a coin that its last attempt met first to the next step, which has all tries for it", async () => {
    const { step } = batch((symbol) => (symbol === "BTC" ? new SourceUnavailableError("HTTP 503") : null));
    expect((await step(attempt(ATTEMPTS).run))[0]).toEqual({ kind: "left", symbol: "BTC" });
  });

  test("begins no further coin when its time is over, but always the first ones", async () => {
    const { step } = batch(() => null, { mostMs: 0 });
    expect((await step(attempt(1).run)).map(({ kind }) => kind)).toEqual(["done", "done", "left", "left"]);
  });

  test("ends with the cancellation, and takes it for no coin's failure", async () => {
    const cancel = new AbortController();
    const { step } = batch((symbol) => {
      if (symbol !== "BTC") return null;
      cancel.abort(new Error("cancelled"));
      return new SourceUnavailableError("aborted");
    });
    await expect(step({ ...attempt(ATTEMPTS).run, signal: cancel.signal })).rejects.toThrow("cancelled");
  });
});
