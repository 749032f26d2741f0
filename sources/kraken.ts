import type { RawCandle } from "../core/candles/candle.ts";
import { InvalidCandleError, RateLimitedError, SourceUnavailableError, UnknownSymbolError } from "../core/vocabulary/errors.ts";
import { type Interval, intervalMs } from "../core/vocabulary/interval.ts";
import type { CandlePage, CandleSource, PageRequest } from "./candle-source.ts";
import { nameAt } from "./coin-names.ts";
import { getJson, routeUrl } from "./http.ts";

export const KRAKEN_URL = "https://api.kraken.com";
/** Kraken serves no candle older than this many. */
const NEWEST = 720;
const MINUTES: Record<Interval, number> = { "1d": 1440, "1h": 60, "1m": 1 };

/** Candles of SYMBOL against USD: the newest 720, the last one still open. */
export function createKraken({ baseUrl = KRAKEN_URL }: { baseUrl?: string } = {}): CandleSource {
  return {
    name: "kraken",
    host: new URL(baseUrl).hostname,
    requestsPerSecond: 1,
    newestOnly: NEWEST,
    async fetchPage({ symbol, interval, range }: PageRequest, { signal } = {}): Promise<CandlePage> {
      const step = intervalMs(interval);
      const url = routeUrl(baseUrl, "/0/public/OHLC");
      const since = Math.max(0, Math.floor((range.from - step) / 1000));
      url.search = new URLSearchParams({
        pair: `${nameAt("kraken", symbol)}USD`,
        interval: String(MINUTES[interval]),
        since: String(since),
      }).toString();
      const subject = `kraken, ${symbol} ${interval}`;
      const { body, servedAt } = await getJson({ subject, url, signal });
      const { error, result } = (body ?? {}) as { error?: string[]; result?: Record<string, unknown> };
      if (!Array.isArray(error) || error.length > 0) throw serviceError(subject, symbol, error);
      const list = Object.entries(result ?? {}).find(([name]) => name !== "last")?.[1] ?? [];
      if (!Array.isArray(list)) throw new SourceUnavailableError(`${subject}: the answer is not a list of candles`);
      const rows = list.map((row) => parseRow(subject, row)).filter(({ openTime }) => !(openTime < range.from));
      const times = rows.map(({ openTime }) => openTime);
      const first = times.length ? Math.min(...times) : range.from;
      return { rows, covered: { from: Math.max(range.from, first), to: range.to }, next: null, servedAt };
    },
  };
}

function parseRow(subject: string, row: unknown): RawCandle {
  if (!Array.isArray(row) || row.length < 7 || typeof row[0] !== "number") {
    throw new InvalidCandleError(`${subject}: a row of another shape: ${JSON.stringify(row)?.slice(0, 120)}`);
  }
  const [time, open, high, low, close, vwap, volume] = row.map(Number);
  return { openTime: time * 1000, open, high, low, close, volume, quoteVolume: vwap * volume, marketCap: null };
}

function serviceError(subject: string, symbol: string, error: string[] | undefined): Error {
  const text = error?.join(", ") ?? "an answer without its error field";
  if (/Unknown asset pair/.test(text)) return new UnknownSymbolError(`kraken has no pair ${nameAt("kraken", symbol)}USD`);
  if (/Too many requests|Rate limit/i.test(text)) return new RateLimitedError(`${subject}: ${text}`, { retryAfterMs: null });
  return new SourceUnavailableError(`${subject}: ${text}`);
}
