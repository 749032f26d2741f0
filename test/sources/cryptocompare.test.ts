import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { checkCompleteness } from "../../core/candles/page-completeness.ts";
import { RateLimitedError, UnauthorizedError, UnknownSymbolError } from "../../core/vocabulary/errors.ts";
import { createCryptoCompare, findApi } from "../../sources/cryptocompare/cryptocompare.ts";
import { sourceOf } from "../../sources/source-order.ts";
import { upsertCandles } from "../../storage/candle-files/candle-store.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import { candle, series } from "../candles/series.ts";
import { type Market, marketAvailable, startMarket } from "../market-server.ts";
import { DAY, realRows, walk } from "./walk.ts";

const end = Date.parse("2025-03-29");
const range = { from: end - 2 * DAY, to: end };
const REFUSED = { status: 401, body: { Data: {}, Err: { type: 2, message: "API key required", http_status_code: 401, frontend: {} } } };

/** Rows as CoinDesk Data gives them. */
const rowOf = (time: number, close = 80_760.86) => ({
  UNIT: "DAY",
  TIMESTAMP: time / 1000,
  TYPE: "986",
  MARKET: "cadli",
  INSTRUMENT: "BTC-USD",
  OPEN: 80_918.14,
  HIGH: 81_687.32,
  LOW: 79_504.19,
  CLOSE: close,
  FIRST_MESSAGE_TIMESTAMP: time / 1000,
  TOTAL_INDEX_UPDATES: 0,
  VOLUME: 176_014.81,
  QUOTE_VOLUME: 14_215_479_274.98,
});
const found = { status: 200, body: { Data: [rowOf(range.from), rowOf(range.from + DAY)], Err: {} } };
const legacy = {
  status: 200,
  body: {
    Response: "Success",
    Type: 100,
    Data: { Data: [{ time: range.from / 1000, open: 1, high: 1, low: 1, close: 1, volumefrom: 1, volumeto: 1 }] },
  },
};

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

let server: Server | undefined;
afterEach(() => new Promise<void>((done) => (server ? server.close(() => done()) : done())));

/** A service that answers with these, by the beginning of the path; it remembers what was asked. */
async function serve(answers: Readonly<Record<string, Answer>>): Promise<{ url: string; asked: string[]; keys: string[] }> {
  const asked: string[] = [];
  const keys: string[] = [];
  const started = createServer((request, response) => {
    const url = request.url ?? "";
    asked.push(url);
    keys.push(request.headers.authorization ?? "");
    const { status, body } = answers[Object.keys(answers).find((path) => url.startsWith(path)) ?? ""] ?? { status: 404, body: {} };
    response.writeHead(status, { "content-type": "application/json", connection: "close" }).end(JSON.stringify(body));
  });
  server = started;
  await new Promise<void>((done) => started.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${(started.address() as AddressInfo).port}`, asked, keys };
}

const ask = (baseUrl: string, wanted = range) =>
  createCryptoCompare({ baseUrl, apiKey: "k3y" }).fetchPage({ symbol: "BTC", interval: "1d", range: wanted });

describe("which API is asked", () => {
  test("is told by the address: a path of CoinDesk Data's index is never asked for the first API", async () => {
    const { url, asked, keys } = await serve({ "/index/cc/v1/historical/days": found, "/data/v2": legacy });
    const page = await ask(`${url}/index/cc/v1`);
    expect(page.rows.map(({ openTime, close, quoteVolume }) => [openTime, close, quoteVolume])).toEqual([
      [range.from, 80_760.86, 14_215_479_274.98],
      [range.from + DAY, 80_760.86, 14_215_479_274.98],
    ]);
    expect(page).toMatchObject({ publisher: "coindesk", covered: range, next: null });
    expect(asked.map((path) => path.split("?")[0])).toEqual(["/index/cc/v1/historical/days"]);
    const query = new URLSearchParams(asked[0].split("?")[1]);
    expect(Object.fromEntries(query)).toMatchObject({
      market: "cadli",
      instrument: "BTC-USD",
      limit: "2",
      to_ts: String((end - DAY) / 1000),
    });
    expect(asked[0]).not.toContain("k3y");
    expect(keys).toEqual(["Apikey k3y"]);
  });

  test("is told by the key where the address doesn't: the one that takes it is asked from then on", async () => {
    const { url, asked } = await serve({ "/index/cc/v1/historical/days": found, "/data/v2": REFUSED });
    const source = createCryptoCompare({ baseUrl: url, apiKey: "k3y" });
    for (let n = 0; n < 2; n++) await source.fetchPage({ symbol: "BTC", interval: "1d", range });
    expect(asked.map((path) => path.split("/")[1])).toEqual(["data", "index", "index"]);
    expect(await findApi({ baseUrl: url, apiKey: "k3y" })).toBe(`CoinDesk Data at ${url} takes the key`);
  });

  test("stays the first API for a key that it takes", async () => {
    const { url, asked } = await serve({ "/index": found, "/data": legacy });
    expect((await ask(url)).publisher).toBeUndefined();
    expect(asked.some((path) => path.startsWith("/index"))).toBe(false);
    expect(await findApi({ baseUrl: url, apiKey: "k3y" })).toBe(`CryptoCompare's first API at ${url} takes the key`);
  });

  test("is neither where both refuse the key, and both are named", async () => {
    const { url } = await serve({ "/index": REFUSED, "/data": REFUSED });
    await expect(ask(url)).rejects.toThrow(UnauthorizedError);
    await expect(ask(url)).rejects.toThrow(/first API: .*refused.*; CoinDesk Data: .*refused/);
    await expect(findApi({ baseUrl: url, apiKey: "k3y" })).rejects.toThrow(/CoinDesk Data at .* does not take the key/);
  });
});

describe("CoinDesk Data", () => {
  const answering = async (body: unknown, status = 200) => (await serve({ "/index": { status, body } })).url.concat("/index/cc/v1");

  test("does not know an instrument: the symbol is unknown, and named", async () => {
    const body = {
      Data: {},
      Err: { type: 1, message: "Not found", other_info: { param: "instrument", values: ["NOSUCH-USD"] }, http_status_code: 404 },
    };
    const asked = ask(await answering(body, 404));
    await expect(asked).rejects.toThrow(UnknownSymbolError);
    await expect(asked).rejects.toThrow(/BTC-USD/);
  });

  test("is over its limit: the request is tried again", async () => {
    await expect(ask(await answering({ Data: {}, Err: { type: 99, message: "Rate limit exceeded" } }))).rejects.toThrow(RateLimitedError);
  });

  test("says another error in its own words", async () => {
    const fault = { Data: {}, Err: { type: 2, message: "Invalid parameter: limit", other_info: { param: "limit" } } };
    await expect(ask(await answering(fault, 400))).rejects.toThrow(/BTC 1d: Invalid parameter: limit/);
  });

  test("answers with nothing: every candle of a known range is missing", async () => {
    const page = await ask(await answering({ Data: [], Err: {} }));
    expect(page).toMatchObject({ rows: [], covered: range, next: null });
    const verdict = checkCompleteness({ covered: page.covered, openTimes: [], listedFrom: range.from, interval: "1d", asOf: end + DAY });
    expect(verdict).toMatchObject({ complete: false, missing: 2 });
  });

  test("lost the oldest rows of a whole history: what is before is asked for, and a history ends where nothing is", async () => {
    const url = await answering({ Data: [rowOf(range.from + DAY)], Err: {} });
    const page = await ask(url, { from: 0, to: end });
    expect(page).toMatchObject({ covered: { from: range.from + DAY, to: end }, next: { to: range.from + DAY } });
    const rest = await ask(url, { from: page.next?.from ?? 0, to: range.from });
    expect(rest.next).toBeNull();
  });

  test("ranks coins by market cap, page by page", async () => {
    const list = [{ SYMBOL: "BTC", PRICE_USD: 102_180.9, CIRCULATING_MKT_CAP_USD: 2_030_837_801_742.7 }, { NAME: "no symbol" }];
    const { url, asked } = await serve({ "/asset": { status: 200, body: { Data: { STATS: {}, LIST: list }, Err: {} } } });
    const ranking = await createCryptoCompare({ baseUrl: `${url}/index/cc/v1`, apiKey: "k3y" }).rankCoins?.({ page: 0 });
    expect(ranking).toMatchObject({
      by: "market cap",
      more: false,
      coins: [{ symbol: "BTC", size: 2_030_837_801_742.7, price: 102_180.9 }],
    });
    expect(asked[0]).toMatch(/^\/asset\/v1\/top\/list\?page=1&page_size=100&/);
  });
});

test("candles of one API that differ by a factor from the stored ones of the other are refused", async () => {
  const store = createMemoryStore();
  const stored = [0, 1, 2, 3, 4, 5].map((day) => candle(day, { source: "cryptocompare" }));
  await upsertCandles(store, series(stored));
  const other = stored.map((row) => ({ ...row, open: 13, high: 15, low: 12, close: 14, source: "coindesk", fetchedAt: row.fetchedAt + 1 }));
  await expect(upsertCandles(store, series(other))).rejects.toThrow(/11 is stored from cryptocompare, and 14 comes from coindesk/);
  expect(sourceOf("coindesk")).toBe("cryptocompare");
  expect(sourceOf("kraken")).toBe("kraken");
});

describe.skipIf(!marketAvailable)("real candles by either API", () => {
  let market: Market;
  beforeAll(async () => {
    market = await startMarket();
  });
  afterAll(() => market?.stop());

  test.each(["BTC", "LINK", "DOGE"])("are the same series: %s", async (symbol) => {
    const asOf = Date.parse("2020-12-31T12:00:00Z");
    const rows = async (baseUrl: string) => {
      const source = createCryptoCompare({ baseUrl, apiKey: "any", now: () => asOf });
      const whole = realRows(await walk(source, symbol, { from: 0, to: Date.parse("2020-12-31") }));
      // Only the first API tells of a market cap.
      return whole.filter(({ openTime }) => openTime < Date.parse("2020-12-31")).map((row) => ({ ...row, marketCap: null }));
    };
    const byData = await rows(`${market.url}/index/cc/v1`);
    expect(byData.length).toBeGreaterThan(1_000);
    expect(byData).toEqual(await rows(market.url));
  });
});
