import type { RawCandle } from "../../core/candles/candle.ts";
import type { ListedCoin } from "../../core/universe/rank-coins.ts";
import { InvalidCandleError, RateLimitedError, SourceUnavailableError, UnknownSymbolError } from "../../core/vocabulary/errors.ts";
import { type Interval, intervalMs } from "../../core/vocabulary/interval.ts";
import type { CandlePage, PageRequest, RankingPage } from "../candle-source.ts";
import { getJson, routeUrl } from "../http.ts";
import type { CryptoCompareApi, CryptoCompareApiOptions } from "./api.ts";

/** What the rows of this API are stored under: its index is made in another way than that of the first API. */
export const DATA_API_PUBLISHER = "coindesk";

/** Rows that one request may ask for. */
const LIMIT = 2000;
/** Begins the range of what is before a page of a whole history: that page has shown that there are candles. */
const REST = 1;
/** Coins on a page of the ranking. */
const COINS = 100;
/** CoinDesk's index over its exchanges. */
const MARKET = "cadli";
const UNITS: Record<Interval, string> = { "1d": "days", "1h": "hours", "1m": "minutes" };

/**
 * CoinDesk Data, which CryptoCompare became. Candles of SYMBOL-USD, newest page first, going back by `to_ts`. It tells of no market cap
 * with its candles, and gives fewer rows than were asked for where a history begins or has gaps.
 */
export function createDataApi({ baseUrl, apiKey }: CryptoCompareApiOptions): CryptoCompareApi {
  const get = async (subject: string, symbol: string, path: string, query: Record<string, string>, signal?: AbortSignal) => {
    const url = routeUrl(baseUrl, path);
    url.search = new URLSearchParams(query).toString();
    const { body, servedAt } = await getJson({ subject, url, headers: { authorization: `Apikey ${apiKey}` }, signal });
    const { Data, Err } = (body ?? {}) as { Data?: unknown; Err?: ServiceFault };
    if (Err && Object.keys(Err).length > 0) throw serviceError(subject, symbol, Err);
    return { data: Data, servedAt };
  };
  return {
    async fetchPage({ symbol, interval, range }: PageRequest, { signal } = {}): Promise<CandlePage> {
      const step = intervalMs(interval);
      const subject = `cryptocompare, by CoinDesk Data, ${symbol} ${interval}`;
      const last = Math.ceil(range.to / step) * step - step;
      const isWhole = range.from <= REST;
      const wanted = isWhole ? LIMIT : Math.round((last - range.from) / step) + 1;
      const limit = Math.min(LIMIT, Math.max(1, wanted));
      const { data, servedAt } = await get(
        subject,
        symbol,
        `/index/cc/v1/historical/${UNITS[interval]}`,
        {
          market: MARKET,
          instrument: `${symbol}-USD`,
          limit: String(limit),
          to_ts: String(last / 1000),
          groups: "ID,OHLC,VOLUME",
        },
        signal,
      );
      if (!Array.isArray(data)) throw new SourceUnavailableError(`${subject}: the answer is not a list of candles`);
      const rows = data.map((row) => parseRow(subject, row));
      const times = rows.map(({ openTime }) => openTime).filter((time) => time < range.to);
      const oldest = times.length > 0 ? Math.min(...times) : range.to;
      // An answer that lost its oldest rows looks like a listing, so what is before it is asked for, until nothing is there.
      const goesOn = times.length > 0 && oldest > range.from && (isWhole || rows.length >= limit);
      return {
        rows,
        publisher: DATA_API_PUBLISHER,
        covered: { from: goesOn || isWhole ? Math.max(oldest, range.from) : range.from, to: range.to },
        next: goesOn ? { from: isWhole ? REST : range.from, to: oldest } : null,
        servedAt,
      };
    },
    /** 100 coins a page, by market cap. It tells no day's high and low. */
    async rankCoins({ page }, { signal } = {}): Promise<RankingPage> {
      const subject = `cryptocompare, by CoinDesk Data, coins by market cap, page ${page}`;
      const query = {
        page: String(page + 1),
        page_size: String(COINS),
        sort_by: "CIRCULATING_MKT_CAP_USD",
        sort_direction: "DESC",
        groups: "ID,PRICE,MKT_CAP",
      };
      const { data } = await get(subject, "", "/asset/v1/top/list", query, signal);
      const list = (data as { LIST?: unknown } | undefined)?.LIST;
      if (!Array.isArray(list)) throw new SourceUnavailableError(`${subject}: the answer is not a list of coins`);
      return { by: "market cap", coins: list.flatMap(parseCoin), more: list.length >= COINS };
    },
  };
}

function parseCoin(row: unknown): ListedCoin[] {
  const { SYMBOL, PRICE_USD, CIRCULATING_MKT_CAP_USD } = (row ?? {}) as Record<string, unknown>;
  if (typeof SYMBOL !== "string") return [];
  return [{ symbol: SYMBOL, size: Number(CIRCULATING_MKT_CAP_USD), price: Number(PRICE_USD), high: Number.NaN, low: Number.NaN }];
}

function parseRow(subject: string, row: unknown): RawCandle {
  const { TIMESTAMP, OPEN, HIGH, LOW, CLOSE, VOLUME, QUOTE_VOLUME } = (row ?? {}) as Record<string, unknown>;
  if (typeof TIMESTAMP !== "number")
    throw new InvalidCandleError(`${subject}: a row of another shape: ${JSON.stringify(row)?.slice(0, 120)}`);
  const number = (value: unknown) => (typeof value === "number" ? value : Number.NaN);
  return {
    openTime: TIMESTAMP * 1000,
    open: number(OPEN),
    high: number(HIGH),
    low: number(LOW),
    close: number(CLOSE),
    volume: number(VOLUME),
    quoteVolume: typeof QUOTE_VOLUME === "number" ? QUOTE_VOLUME : null,
    marketCap: null,
  };
}

interface ServiceFault {
  readonly type?: number;
  readonly message?: string;
  readonly other_info?: { readonly param?: string };
}

function serviceError(subject: string, symbol: string, { type, message = "no message", other_info }: ServiceFault): Error {
  if (type === 99 || /rate limit/i.test(message)) return new RateLimitedError(`${subject}: ${message}`, { retryAfterMs: null });
  if (other_info?.param === "instrument" || /instrument not found/i.test(message))
    return new UnknownSymbolError(`cryptocompare has no instrument ${symbol}-USD in CoinDesk Data`);
  return new SourceUnavailableError(`${subject}: ${message}`);
}
