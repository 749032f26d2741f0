import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { checkCompleteness } from "../../core/candles/page-completeness.ts";
import { UnauthorizedError, UnknownSymbolError } from "../../core/vocabulary/errors.ts";
import { createBinance } from "../../sources/binance.ts";
import type { CandleSource } from "../../sources/candle-source.ts";
import { createCryptoCompare } from "../../sources/cryptocompare/cryptocompare.ts";
import { createKraken } from "../../sources/kraken.ts";
import { type Market, marketAvailable, startMarket } from "../market-server.ts";
import { cut, DAY, realRows, walk } from "./walk.ts";

const asOf = Date.parse("2020-12-31T12:00:00Z");
const end = Date.parse("2020-12-31");
const listedBtc = Date.parse("2010-07-17");

describe.skipIf(!marketAvailable)("sources of real candles", () => {
  let market: Market;
  beforeAll(async () => {
    market = await startMarket();
  });
  afterAll(() => market?.stop());
  beforeEach(() => market.control({ faults: [], resetStats: true }));

  const sources: Record<string, () => CandleSource> = {
    binance: () => createBinance({ baseUrl: market.url }),
    kraken: () => createKraken({ baseUrl: market.url }),
    cryptocompare: () => createCryptoCompare({ baseUrl: market.url, apiKey: "any", now: () => asOf }),
    "CoinDesk Data": () => createCryptoCompare({ baseUrl: `${market.url}/index/cc/v1`, apiKey: "any", now: () => asOf }),
  };

  test("binance's pages, asked side by side, hold what a walk holds, each candle once", async () => {
    const source = sources.binance();
    const range = { from: Date.parse("2014-03-03"), to: end };
    const pages = source.pagesOf?.({ interval: "1d", range }) ?? [];
    expect(pages.length).toBe(3);
    const answers = await Promise.all(pages.map((page) => source.fetchPage({ symbol: "BTC", interval: "1d", range: page })));
    expect(answers.map(({ next }) => next)).toEqual([null, null, null]);
    expect(realRows(answers)).toEqual(realRows(await walk(source, "BTC", range)));
    expect(source.pagesOf?.({ interval: "1d", range: { from: 0, to: end } })).toHaveLength(1);
  });

  describe.each(Object.keys(sources))("%s", (name) => {
    test("serves a range whole: every day once, nothing at or after its end but what is still open", async () => {
      const range = { from: Date.parse("2020-03-01"), to: end };
      const pages = await walk(sources[name](), "BTC", range);
      const times = realRows(pages)
        .map(({ openTime }) => openTime)
        .filter((time) => time >= range.from && time < range.to);
      expect(times).toEqual(Array.from({ length: (range.to - range.from) / DAY }, (_, i) => range.from + i * DAY));
      for (const page of pages) {
        expect(
          checkCompleteness({ covered: page.covered, openTimes: openTimes(page.rows), listedFrom: range.from, interval: "1d", asOf }),
        ).toEqual({ complete: true });
      }
    });

    test("gives numbers where the service gives texts", async () => {
      const [page] = await walk(sources[name](), "ETH", { from: end - 2 * DAY, to: end });
      for (const row of page.rows)
        for (const value of [row.openTime, row.open, row.high, row.low, row.close, row.volume, row.quoteVolume])
          expect(value).toBeTypeOf("number");
    });

    test("serves hours as it serves days", async () => {
      const to = Date.parse("2020-06-02");
      await market.control({ now: "2020-06-03T00:30:00Z" });
      try {
        const rows = realRows(await walk(sources[name](), "BTC", { from: to - DAY, to }, "1h")).filter(
          ({ openTime }) => openTime >= to - DAY && openTime < to,
        );
        expect(rows.map(({ openTime }) => openTime)).toEqual(Array.from({ length: 24 }, (_, i) => to - DAY + i * 3_600_000));
      } finally {
        await market.control({ now: null });
      }
    });

    test("does not know a symbol that the service does not know, and says which", async () => {
      const asked = walk(sources[name](), "NOSUCH", { from: 0, to: end });
      await expect(asked).rejects.toThrow(UnknownSymbolError);
      await expect(asked).rejects.toThrow(/NOSUCH/);
    });

    test("can be stopped by a signal", async () => {
      await market.control({ faults: [{ kind: "slow", afterMs: 5_000 }] });
      const stop = new AbortController();
      const asked = sources[name]().fetchPage(
        { symbol: "BTC", interval: "1d", range: { from: end - DAY, to: end } },
        { signal: stop.signal },
      );
      stop.abort(new Error("enough"));
      await expect(asked).rejects.toThrow("enough");
    });
  });

  describe.each(["binance", "cryptocompare", "CoinDesk Data"])("%s", (name) => {
    test("serves the whole history, each candle once, however the range is cut", async () => {
      const reference = await historyOfBtc(market.url, end);
      const all = realRows(await walk(sources[name](), "BTC", { from: 0, to: end }));
      expect(all.map(({ openTime, close }) => [openTime, close])).toEqual(reference);
      await fc.assert(
        fc.asyncProperty(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }), async (fractions) => {
          const parts = [];
          for (const range of cut({ from: listedBtc, to: end }, fractions)) {
            const rows = realRows(await walk(sources[name](), "BTC", range));
            parts.push(...rows.filter(({ openTime }) => openTime >= range.from && openTime < range.to));
          }
          expect(parts.map(({ openTime, close }) => [openTime, close])).toEqual(reference);
        }),
        { numRuns: 5 },
      );
    });

    test("claims nothing before the listing", async () => {
      const pages = await walk(sources[name](), "LINK", { from: 0, to: end });
      const first = realRows(pages)[0].openTime;
      expect(Math.min(...pages.map(({ covered }) => covered.from))).toBe(first);
      expect(Math.max(...pages.map(({ covered }) => covered.to))).toBe(end);
    });

    test("covers a real gap, which the judge then finds", async () => {
      const [page] = await walk(sources[name](), "BTC", { from: Date.parse("2011-06-10"), to: Date.parse("2011-07-01") });
      const verdict = checkCompleteness({
        covered: page.covered,
        openTimes: openTimes(page.rows),
        listedFrom: listedBtc,
        interval: "1d",
        asOf,
      });
      expect(verdict).toMatchObject({ complete: false, kind: "gap", firstMissing: Date.parse("2011-06-20") });
    });
  });

  test("kraken claims to cover only from the oldest of its 720 newest candles", async () => {
    const pages = await walk(sources.kraken(), "BTC", { from: 0, to: end });
    expect(pages).toHaveLength(1);
    const times = pages[0].rows.map(({ openTime }) => openTime);
    expect(pages[0].covered).toEqual({ from: Math.min(...times), to: end });
    expect(times.filter((time) => time < end)).toHaveLength(719);
  });

  test("kraken knows BTC and DOGE by its own names", async () => {
    for (const symbol of ["BTC", "DOGE"])
      expect(realRows(await walk(sources.kraken(), symbol, { from: end - DAY, to: end })).length).toBeGreaterThan(0);
  });

  test("cryptocompare's first row lies before the listing where the page reaches that far, and is zero", async () => {
    const pages = await walk(sources.cryptocompare(), "BTC", { from: 0, to: end });
    expect(pages.at(-1)?.rows.some(({ openTime, close }) => close === 0 && openTime < listedBtc)).toBe(true);
    expect(pages.at(-1)?.next).toBeNull();
  });

  describe("cryptocompare's market cap", () => {
    const marketCaps = async (range: { from: number; to: number }) =>
      (await sources.cryptocompare().fetchPage({ symbol: "BTC", interval: "1d", range })).rows.filter(
        ({ marketCap }) => marketCap !== null,
      );

    test("belongs to the newest closed candle, and to no other", async () => {
      const known = await marketCaps({ from: end - 5 * DAY, to: end });
      expect(known.map(({ openTime }) => openTime)).toEqual([end - DAY]);
      expect(known[0].marketCap).toBeGreaterThan(1e11);
    });

    test("is not asked for with pages of the past", async () => {
      expect(await marketCaps({ from: end - 50 * DAY, to: end - 30 * DAY })).toEqual([]);
      expect((await market.stats()).byPath["/data/pricemultifull"]).toBeUndefined();
    });

    test("is tried again where the service is over its limit, not taken for unknown", async () => {
      await market.control({ faults: [{ match: "pricemultifull", kind: "error-200" }] });
      await expect(marketCaps({ from: end - 5 * DAY, to: end })).rejects.toThrow(/rate limit/);
    });
  });

  describe("cryptocompare's key", () => {
    const range = { from: end - DAY, to: end };

    test("is asked for by name where it is missing, without a request", async () => {
      const asked = createCryptoCompare({ baseUrl: market.url, apiKey: null }).fetchPage({ symbol: "BTC", interval: "1d", range });
      await expect(asked).rejects.toThrow(UnauthorizedError);
      await expect(asked).rejects.toThrow(/CRYPTOCOMPARE_API_KEY is not set/);
      expect((await market.stats()).requests).toBe(0);
    });

    test("is refused as Unauthorized where it is revoked", async () => {
      await expect(
        createCryptoCompare({ baseUrl: market.url, apiKey: "revoked" }).fetchPage({ symbol: "BTC", interval: "1d", range }),
      ).rejects.toThrow(UnauthorizedError);
    });
  });
});

function openTimes(rows: readonly { openTime: number; close: number }[]): number[] {
  return rows
    .filter(({ close }) => close !== 0)
    .map(({ openTime }) => openTime)
    .sort((a, b) => a - b);
}

/** [open time, close] of all days before `to`, read by another way than the adapters': year by year. */
async function historyOfBtc(url: string, to: number): Promise<[number, number][]> {
  const found: [number, number][] = [];
  for (let year = 2010; Date.UTC(year, 0) < to; year++) {
    const asked = new URL(
      `/api/v3/klines?symbol=BTCUSDT&interval=1d&limit=1000&startTime=${Date.UTC(year, 0)}&endTime=${Math.min(Date.UTC(year + 1, 0), to) - 1}`,
      url,
    );
    for (const [time, , , , close] of (await (await fetch(asked)).json()) as [number, string, string, string, string][])
      found.push([time, Number(close)]);
  }
  return found;
}
