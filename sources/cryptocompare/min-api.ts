import type { RawCandle } from "../../core/candles/candle.ts";
import type { ListedCoin } from "../../core/universe/rank-coins.ts";
import { InvalidCandleError, RateLimitedError, SourceUnavailableError, UnknownSymbolError } from "../../core/vocabulary/errors.ts";
import { type Interval, intervalMs } from "../../core/vocabulary/interval.ts";
import type { CandlePage, PageRequest, RankingPage } from "../candle-source.ts";
import { getJson, routeUrl } from "../http.ts";
import type { CryptoCompareApi, CryptoCompareApiOptions } from "./api.ts";

/** The most that one request may ask for; it answers with one more. */
const LIMIT = 2000;
/** Coins on a page of the ranking: the most that it answers with. */
const COINS = 100;
const ROUTES: Record<Interval, string> = { "1d": "histoday", "1h": "histohour", "1m": "histominute" };

/**
 * CryptoCompare's first API, which goes on answering the keys that were sold for it. Candles of SYMBOL against USD, newest page first,
 * going back by `toTs`. Market cap comes with the newest closed candle only.
 */
export function createMinApi({ baseUrl, apiKey, now }: CryptoCompareApiOptions): CryptoCompareApi {
  const get = async (
    subject: string,
    path: string,
    query: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<{ body: Record<string, unknown>; servedAt: number | null }> => {
    const url = routeUrl(baseUrl, path);
    url.search = new URLSearchParams(query).toString();
    const { body, servedAt } = await getJson({ subject, url, headers: { authorization: `Apikey ${apiKey}` }, signal });
    if (typeof body !== "object" || body === null) throw new SourceUnavailableError(`${subject}: the answer is not a JSON object`);
    return { body: body as Record<string, unknown>, servedAt };
  };
  return {
    async fetchPage({ symbol, interval, range }: PageRequest, { signal } = {}): Promise<CandlePage> {
      const step = intervalMs(interval);
      const subject = `cryptocompare, ${symbol} ${interval}`;
      const last = Math.ceil(range.to / step) * step - step;
      const wanted = range.from === 0 ? LIMIT : Math.round((last - range.from) / step);
      const limit = Math.min(LIMIT, Math.max(1, wanted));
      const { body, servedAt } = await get(
        subject,
        `/data/v2/${ROUTES[interval]}`,
        { fsym: symbol, tsym: "USD", limit: String(limit), toTs: String(last / 1000) },
        signal,
      );
      const list = (body.Data as { Data?: unknown } | undefined)?.Data;
      if (body.Response !== "Success" || !Array.isArray(list)) throw serviceError(subject, symbol, body);
      const rows = list.map((row) => parseRow(subject, row));
      const start = last - limit * step;
      const isZero = (row: RawCandle) => row.open === 0 && row.high === 0 && row.low === 0 && row.close === 0;
      const listed = Math.min(range.to, ...rows.filter((row) => !isZero(row)).map((row) => row.openTime));
      const beforeListing = rows.some((row) => isZero(row) && row.openTime < listed);
      const from = beforeListing ? listed : start;
      const done = beforeListing || start <= range.from || rows.length === 0;
      const withCap = await addMarketCap(rows, { symbol, interval, last, signal });
      return {
        rows: withCap,
        covered: { from: Math.max(from, range.from), to: range.to },
        next: done ? null : { from: range.from, to: start },
        servedAt,
      };
    },
    /** 100 coins a page, by market cap. */
    async rankCoins({ page }, { signal } = {}): Promise<RankingPage> {
      const subject = `cryptocompare, coins by market cap, page ${page}`;
      const query = { limit: String(COINS), page: String(page), tsym: "USD" };
      const { body } = await get(subject, "/data/top/mktcapfull", query, signal);
      if (!Array.isArray(body.Data)) throw serviceError(subject, "", body);
      return { by: "market cap", coins: body.Data.flatMap(parseCoin), more: body.Data.length >= COINS };
    },
  };

  /** `pricemultifull` speaks of now, so its market cap belongs to the newest candle that has closed, and to no other. */
  async function addMarketCap(
    rows: readonly RawCandle[],
    { symbol, interval, last, signal }: { symbol: string; interval: Interval; last: number; signal?: AbortSignal },
  ): Promise<readonly RawCandle[]> {
    const step = intervalMs(interval);
    const newest = Math.floor(now() / step) * step - step;
    if (last < newest || !rows.some(({ openTime }) => openTime === newest)) return rows;
    const subject = `cryptocompare, market cap of ${symbol}`;
    const { body } = await get(subject, "/data/pricemultifull", { fsyms: symbol, tsyms: "USD" }, signal);
    if (body.Type === 99) throw serviceError(subject, symbol, body);
    const cap = (body.RAW as Record<string, Record<string, { MKTCAP?: unknown }>> | undefined)?.[symbol]?.USD?.MKTCAP;
    const marketCap = typeof cap === "number" && cap > 0 ? cap : null;
    return rows.map((row) => (row.openTime === newest ? { ...row, marketCap } : row));
  }
}

/** A coin without a price in USD comes without `RAW`. */
function parseCoin(row: unknown): ListedCoin[] {
  const { CoinInfo, RAW } = (row ?? {}) as { CoinInfo?: { Name?: unknown }; RAW?: { USD?: Record<string, unknown> } };
  const name = CoinInfo?.Name;
  if (typeof name !== "string" || !RAW?.USD) return [];
  const { MKTCAP, PRICE, HIGHDAY, LOWDAY } = RAW.USD;
  return [{ symbol: name, size: Number(MKTCAP), price: Number(PRICE), high: Number(HIGHDAY), low: Number(LOWDAY) }];
}

function parseRow(subject: string, row: unknown): RawCandle {
  const { time, open, high, low, close, volumefrom, volumeto } = (row ?? {}) as Record<string, unknown>;
  if (typeof time !== "number") throw new InvalidCandleError(`${subject}: a row of another shape: ${JSON.stringify(row)?.slice(0, 120)}`);
  const number = (value: unknown) => (typeof value === "number" ? value : Number.NaN);
  return {
    openTime: time * 1000,
    open: number(open),
    high: number(high),
    low: number(low),
    close: number(close),
    volume: number(volumefrom),
    quoteVolume: typeof volumeto === "number" ? volumeto : null,
    marketCap: null,
  };
}

interface Limits {
  readonly calls_made?: Readonly<Record<string, number>>;
  readonly max_calls?: Readonly<Record<string, number>>;
}

const WINDOW_MS: readonly (readonly [string, number])[] = [
  ["month", 86_400_000],
  ["day", 3_600_000],
  ["hour", 600_000],
  ["minute", 60_000],
  ["second", 1_000],
];

/** Errors come with HTTP 200 and a `Type`. */
function serviceError(subject: string, symbol: string, body: Record<string, unknown>): Error {
  const message = typeof body.Message === "string" ? body.Message : "no message";
  if (body.Type === 99) return new RateLimitedError(`${subject}: ${message}`, { retryAfterMs: delayOf(body.RateLimit as Limits) });
  if (/no data for the symbol|market does not exist/.test(message))
    return new UnknownSymbolError(`cryptocompare has no market ${symbol}-USD`);
  return new SourceUnavailableError(`${subject}: ${message}`);
}

/** A second's limit is over in a second; a longer one is waited for in steps, for its window may end at any time. */
function delayOf({ calls_made = {}, max_calls = {} }: Limits = {}): number | null {
  const exceeded = WINDOW_MS.filter(([window]) => calls_made[window] > max_calls[window]);
  const shortest = exceeded.at(-1);
  return shortest ? shortest[1] : null;
}
