import { beforeEach, describe, expect, test } from "vitest";
import { RateLimitedError, SourceDownError, SourceUnavailableError } from "../../core/vocabulary/errors.ts";
import { breakCircuit } from "../../sources/break-circuit.ts";
import type { CandlePage, CandleSource } from "../../sources/candle-source.ts";

const PAGE: CandlePage = { rows: [], covered: { from: 0, to: 1 }, next: null, servedAt: null };
const REQUEST = { symbol: "BTC", interval: "1d", range: { from: 0, to: 1 } } as const;
const GONE = new SourceUnavailableError("binance, BTC 1d: its host name can't be resolved", {
  cause: new Error("its host name can't be resolved"),
  unreachable: true,
  nameless: true,
});

describe("a source that can't be reached", () => {
  let clockMs = 0;
  let asked = 0;
  let failure: Error | null = GONE;
  let source: CandleSource;
  beforeEach(() => {
    [clockMs, asked, failure] = [0, 0, GONE];
    const plain: CandleSource = {
      name: "binance",
      requestsPerSecond: 10,
      newestOnly: null,
      async fetchPage() {
        asked++;
        if (failure) throw failure;
        return PAGE;
      },
    };
    source = breakCircuit(plain, { now: () => clockMs });
  });
  const ask = () => source.fetchPage(REQUEST).catch((error: Error) => error);
  const askAt = (ms: number) => {
    clockMs = ms;
    return ask();
  };

  test("is found out once: after 1.5 s and 3 requests the others fail at once, without asking", async () => {
    expect([await askAt(0), await askAt(500)]).toEqual([GONE, GONE]);
    const found = await askAt(1_500);
    expect(found).toBeInstanceOf(SourceDownError);
    expect((found as Error).message).toBe(
      "binance has not been reached for 2 s by 3 requests (its host name can't be resolved), and is asked again in 15 s",
    );
    const before = asked;
    for (let i = 0; i < 10; i++) expect(await askAt(4_000 + i)).toBeInstanceOf(SourceDownError);
    await expect(source.assertUp?.()).rejects.toThrow(SourceDownError);
    expect(asked).toBe(before);
  });

  test("is asked again by one request after 15 s, and is back with its first answer", async () => {
    for (const ms of [0, 500, 1_500]) await askAt(ms);
    clockMs = 16_600;
    const before = asked;
    const answers = await Promise.all([ask(), ask(), ask()]);
    expect(asked).toBe(before + 1);
    expect(answers.every((answer) => answer instanceof SourceDownError)).toBe(true);
    failure = null;
    expect(await askAt(34_000)).toBe(PAGE);
    expect(await askAt(34_001)).toBe(PAGE);
    await source.assertUp?.();
  });

  test.each([
    ["answers, with an error", new SourceUnavailableError("binance: the service failed (HTTP 503)")],
    ["asks for fewer requests", new RateLimitedError("binance: too many", { retryAfterMs: null })],
  ])("but %s is not down, however long it lasts", async (_, other) => {
    failure = other;
    for (const ms of [0, 1_000, 5_000, 60_000]) expect(await askAt(ms)).toBe(other);
    failure = GONE;
    await askAt(61_000);
    failure = other;
    await askAt(62_000);
    failure = GONE;
    expect([await askAt(63_000), await askAt(64_000)]).toEqual([GONE, GONE]);
  });

  test("for a moment is not down", async () => {
    for (const ms of [0, 100, 200, 300, 1_400]) expect(await askAt(ms)).toBe(GONE);
    failure = null;
    expect(await askAt(1_600)).toBe(PAGE);
  });

  test("because its name can't be resolved makes the names of others suspect, which are looked up before anybody waits for them", async () => {
    const nameless = new Set<string>();
    const names: string[] = [];
    const circuit = (name: string, known: boolean) =>
      breakCircuit(
        { name, host: `${name}.example`, requestsPerSecond: 1, newestOnly: null, fetchPage: () => Promise.reject(GONE) },
        {
          nameless,
          now: () => clockMs,
          resolve: async (host) => {
            names.push(host);
            if (!known) throw new Error("ENOTFOUND");
          },
        },
      );
    const [binance, kraken, other] = [circuit("binance", false), circuit("kraken", false), circuit("other", true)];
    await kraken.assertUp?.();
    for (clockMs of [0, 500, 1_500]) await binance.fetchPage(REQUEST).catch(() => {});
    await expect(kraken.assertUp?.()).rejects.toThrow(/kraken can't be reached: its host name can't be resolved, nor that of binance/);
    await expect(kraken.assertUp?.()).rejects.toThrow(SourceDownError);
    await other.assertUp?.();
    expect(names).toEqual(["kraken.example", "other.example"]);
  });
});
