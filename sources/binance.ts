import type { RawCandle } from "../core/candles/candle.ts";
import type { ListedCoin } from "../core/universe/rank-coins.ts";
import { InvalidCandleError, RateLimitedError, SourceUnavailableError, UnknownSymbolError } from "../core/vocabulary/errors.ts";
import { intervalMs } from "../core/vocabulary/interval.ts";
import { quoteOf } from "../core/vocabulary/quote.ts";
import { BINANCE_PER_SECOND } from "../core/vocabulary/request-rates.ts";
import type { CandlePage, CandleSource, PageRequest, RankingPage } from "./candle-source.ts";
import { getJson, routeUrl } from "./http.ts";

/** The market-data host needs no key. Documented in Binance's spot API, "Kline/Candlestick data". */
export const BINANCE_URL = "https://data-api.binance.vision";
const LIMIT = 1000;
/** What an address may use up in a minute; each request for candles costs 2. Documented as `REQUEST_WEIGHT`. */
const WEIGHT_LIMIT = 6000;
/** What prices are in. */
export const QUOTE = quoteOf("binance") as string;

/** Candles of SYMBOL against USDT, oldest first, 1,000 a request. */
export function createBinance({
  baseUrl = BINANCE_URL,
  requestsPerSecond = BINANCE_PER_SECOND,
}: {
  baseUrl?: string;
  requestsPerSecond?: number;
} = {}): CandleSource {
  return {
    name: "binance",
    host: new URL(baseUrl).hostname,
    requestsPerSecond,
    newestOnly: null,
    pagesOf({ interval, range }) {
      if (range.from === 0) return [range];
      const length = LIMIT * intervalMs(interval);
      const pages = Math.ceil((range.to - range.from) / length);
      return Array.from({ length: pages }, (_, page) => {
        const from = range.from + page * length;
        return { from, to: Math.min(from + length, range.to) };
      });
    },
    async fetchPage({ symbol, interval, range }: PageRequest, { signal } = {}): Promise<CandlePage> {
      const url = routeUrl(baseUrl, "/api/v3/klines");
      url.search = new URLSearchParams({
        symbol: `${symbol}${QUOTE}`,
        interval,
        startTime: String(range.from),
        endTime: String(range.to - 1),
        limit: String(LIMIT),
      }).toString();
      const subject = `binance, ${symbol} ${interval}`;
      const { body, servedAt, headers } = await getJson({ subject, url, signal });
      if (!Array.isArray(body)) throw serviceError(subject, symbol, body);
      const rows = body.map((row) => parseRow(subject, row));
      const step = intervalMs(interval);
      // A row beyond the limit was not asked for and must not lead the walk astray.
      const times = rows
        .slice(0, LIMIT)
        .map(({ openTime }) => openTime)
        .filter((time) => time < range.to);
      const first = times.length ? Math.min(...times) : range.to;
      const full = body.length >= LIMIT && times.length > 0;
      const end = full ? Math.max(...times) + step : range.to;
      return {
        rows,
        covered: { from: range.from === 0 ? first : range.from, to: end },
        next: full && end < range.to ? { from: end, to: range.to } : null,
        servedAt,
        used: Number(headers.get("x-mbx-used-weight-1m") ?? 0) / WEIGHT_LIMIT,
      };
    },
    /** All pairs against USDT at once, by the quote volume of the last 24 hours. Documented as "24hr Ticker Price Change Statistics". */
    async rankCoins(_, { signal } = {}): Promise<RankingPage> {
      const subject = "binance, all coins";
      const { body } = await getJson({ subject, url: routeUrl(baseUrl, "/api/v3/ticker/24hr?type=MINI"), signal });
      if (!Array.isArray(body)) throw serviceError(subject, "", body);
      return { by: "quote volume", coins: body.flatMap(parseTicker), more: false };
    },
  };
}

function parseTicker(row: unknown): ListedCoin[] {
  const { symbol, lastPrice, highPrice, lowPrice, quoteVolume } = (row ?? {}) as Record<string, unknown>;
  if (typeof symbol !== "string" || !symbol.endsWith(QUOTE)) return [];
  return [
    {
      symbol: symbol.slice(0, -QUOTE.length),
      size: Number(quoteVolume),
      price: Number(lastPrice),
      high: Number(highPrice),
      low: Number(lowPrice),
    },
  ];
}

function parseRow(subject: string, row: unknown): RawCandle {
  if (!Array.isArray(row) || row.length < 8 || typeof row[0] !== "number") {
    throw new InvalidCandleError(`${subject}: a row of another shape: ${JSON.stringify(row)?.slice(0, 120)}`);
  }
  return {
    openTime: row[0],
    open: Number(row[1]),
    high: Number(row[2]),
    low: Number(row[3]),
    close: Number(row[4]),
    volume: Number(row[5]),
    quoteVolume: Number(row[7]),
    marketCap: null,
  };
}

function serviceError(subject: string, symbol: string, body: unknown): Error {
  const { code, msg } = (body ?? {}) as { code?: number; msg?: string };
  if (code === -1121) return new UnknownSymbolError(`binance has no pair ${symbol}USDT`);
  if (code === -1003) return new RateLimitedError(`${subject}: ${msg}`, { retryAfterMs: null });
  return new SourceUnavailableError(`${subject}: ${code === undefined ? "the answer is not a list of candles" : `error ${code}: ${msg}`}`);
}
