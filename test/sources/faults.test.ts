import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { cleanCandles } from "../../core/candles/clean-candles.ts";
import { checkCompleteness } from "../../core/candles/page-completeness.ts";
import { RateLimitedError } from "../../core/vocabulary/errors.ts";
import { createBinance } from "../../sources/binance.ts";
import type { CandlePage, CandleSource } from "../../sources/candle-source.ts";
import { createCryptoCompare } from "../../sources/cryptocompare/cryptocompare.ts";
import { createKraken } from "../../sources/kraken.ts";
import { type Fault, type Market, marketAvailable, startMarket } from "../market-server.ts";
import { DAY, realRows, walk } from "./walk.ts";

const KEY = "s3cr3t-key-of-a-person";
const asOf = Date.parse("2020-12-31T12:00:00Z");
const range = { from: Date.parse("2020-12-01"), to: Date.parse("2020-12-31") };
const days = Array.from({ length: 30 }, (_, i) => range.from + i * DAY);

describe.skipIf(!marketAvailable)("a service's faults", () => {
  let market: Market;
  beforeAll(async () => {
    market = await startMarket();
  });
  afterAll(() => market?.stop());
  beforeEach(() => market.control({ faults: [], resetStats: true }));

  const sources: Record<string, () => CandleSource> = {
    binance: () => createBinance({ baseUrl: market.url }),
    kraken: () => createKraken({ baseUrl: market.url }),
    cryptocompare: () => createCryptoCompare({ baseUrl: market.url, apiKey: KEY, now: () => asOf }),
    "CoinDesk Data": () => createCryptoCompare({ baseUrl: `${market.url}/index/cc/v1`, apiKey: KEY, now: () => asOf }),
  };
  const ask = async (name: string, fault: Fault): Promise<CandlePage> => {
    await market.control({ faults: [fault] });
    return sources[name]().fetchPage({ symbol: "BTC", interval: "1d", range });
  };
  const failure = async (name: string, fault: Fault): Promise<Error> =>
    ask(name, fault).then(
      () => Promise.reject(new Error(`${fault.kind} went unnoticed`)),
      (error: Error) => error,
    );
  const clean = (page: CandlePage) =>
    cleanCandles(page.rows, { symbol: "BTC", interval: "1d", asOf, source: "x", fetchedAt: asOf, range: page.covered });
  const judge = (page: CandlePage) =>
    checkCompleteness({
      covered: page.covered,
      openTimes: clean(page).series.openTime,
      listedFrom: clean(page).series.openTime[0] ?? null,
      interval: "1d",
      asOf,
    });

  describe.each(Object.keys(sources))("of %s", (name) => {
    test.each([
      ["http-429", "RateLimited"],
      ["error-200", "RateLimited"],
      ["http-451", "RestrictedLocation"],
      ["http-500", "SourceUnavailable"],
      ["http-503", "SourceUnavailable"],
      ["html", "SourceUnavailable"],
      ["truncate", "SourceUnavailable"],
      ["reset", "SourceUnavailable"],
    ])("%s is %s, naming source and symbol, and the next request is answered", async (kind, type) => {
      const error = await failure(name, { kind });
      expect(error.name).toBe(type);
      expect(error.message).toContain(name);
      expect(error.message).toContain("BTC");
      expect(shown(error)).not.toContain(KEY);
      expect(realRows([await sources[name]().fetchPage({ symbol: "BTC", interval: "1d", range })]).length).toBeGreaterThan(29);
    });

    test.each([1, 7])("the delay that HTTP 429 names is kept: %i s", async (retryAfter) => {
      const error = await failure(name, { kind: "http-429", retryAfter });
      expect(error).toBeInstanceOf(RateLimitedError);
      expect((error as RateLimitedError).retryAfterMs).toBe(retryAfter * 1000);
    });

    // The market server's empty answer has no shape of CoinDesk Data; test/sources/cryptocompare.test.ts has one.
    const hasEmptyAnswer = name !== "CoinDesk Data";
    if (hasEmptyAnswer)
      test("an empty answer has no rows and lacks every candle of a listed coin", async () => {
        const page = await ask(name, { kind: "empty" });
        expect(page.rows).toEqual([]);
        expect(checkCompleteness({ covered: page.covered, openTimes: [], listedFrom: range.from, interval: "1d", asOf })).toMatchObject({
          complete: false,
          missing: 30,
        });
      });

    test.each([
      ["nan", "price-not-finite"],
      ["negative", "price-not-positive"],
      ["huge", "price-out-of-range"],
    ])("a row damaged by %s is rejected as %s, and the page then lacks it", async (kind, reason) => {
      const page = await ask(name, { kind });
      expect(clean(page).rejected).toEqual({ [reason]: 1 });
      expect(judge(page)).toMatchObject({ complete: false, missing: 1 });
    });

    test("candles missing from the middle are noticed", async () => {
      expect(judge(await ask(name, { kind: "gap" }))).toMatchObject({ complete: false, kind: "gap", missing: 3 });
    });

    test("a candle sent twice is one", async () => {
      const { series, dropped } = clean(await ask(name, { kind: "dup" }));
      expect(dropped.duplicate).toBe(1);
      expect([...series.openTime]).toEqual(days);
    });

    test("a shuffled answer is put in order", async () => {
      const page = await ask(name, { kind: "shuffle" });
      expect([...clean(page).series.openTime]).toEqual(days);
      expect(judge(page)).toEqual({ complete: true });
      expect(page.next).toBeNull();
    });

    test("a candle of the future is rejected", async () => {
      const { series, rejected } = clean(await ask(name, { kind: "future" }));
      expect([...series.openTime]).toEqual(days);
      expect(Object.values(rejected)).toEqual([1]);
    });

    test("a candle far outside a page of the past is rejected, and misleads no walk", async () => {
      await market.control({ faults: [{ kind: "future", times: 3 }] });
      const past = { from: Date.parse("2015-01-01"), to: range.to };
      const pages = await walk(sources[name](), "BTC", past);
      const expected = pages.flatMap(({ covered }) =>
        Array.from({ length: Math.max(0, (covered.to - covered.from) / DAY) }, (_, i) => covered.from + i * DAY),
      );
      const found = pages.flatMap(({ rows, covered }) => [
        ...cleanCandles(rows, { symbol: "BTC", interval: "1d", asOf, source: "x", fetchedAt: asOf, range: covered }).series.openTime,
      ]);
      expect(found.sort()).toEqual(expected.sort());
    });
  });

  test("an answer of cryptocompare that is older than asked for lacks its newest candles", async () => {
    expect(judge(await ask("cryptocompare", { kind: "stale" }))).toMatchObject({ complete: false, kind: "tail" });
  });

  test("a service that does not listen is unavailable", async () => {
    const other = await startMarket();
    await other.stop();
    await expect(walk(createBinance({ baseUrl: other.url }), "BTC", range)).rejects.toThrow(/binance.*nothing listens/);
  });

  test.each([KEY, "revoked", "line\nbreak-key", "ключ"])("the key %j shows in no error", async (key) => {
    for (const kind of ["http-429", "http-500", "reset", "truncate", "html", "error-200"]) {
      await market.control({ faults: [{ kind, times: 2 }] });
      const source = createCryptoCompare({ baseUrl: market.url, apiKey: key, now: () => asOf });
      const error: Error = await source.fetchPage({ symbol: "BTC", interval: "1d", range }).then(
        () => Promise.reject(new Error(`${kind} went unnoticed`)),
        (thrown: Error) => thrown,
      );
      expect(shown(error).replace("missing or refused", "")).not.toContain(key);
    }
  });
});

/** All that a log could print of an error. */
function shown(error: Error): string {
  const parts: string[] = [];
  for (let inner: unknown = error; inner instanceof Error; inner = inner.cause)
    parts.push(inner.message, inner.stack ?? "", JSON.stringify(inner));
  return parts.join("\n");
}
