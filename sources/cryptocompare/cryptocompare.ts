import { RateLimitedError, UnauthorizedError, UnknownSymbolError } from "../../core/vocabulary/errors.ts";
import { intervalMs, lastClosedOpenTime } from "../../core/vocabulary/interval.ts";
import type { CandleSource } from "../candle-source.ts";
import type { CryptoCompareApi } from "./api.ts";
import { createDataApi } from "./data-api.ts";
import { createMinApi } from "./min-api.ts";

export const MIN_API_URL = "https://min-api.cryptocompare.com";
const DATA_API_URL = "https://data-api.coindesk.com";
const DATA_API_PATH = /\/index\/cc\/v1\/?$/;

export interface CryptoCompareOptions {
  /** Null: whichever of the two APIs takes the key. */
  readonly baseUrl?: string | null;
  /** Since May 2026 neither API answers without one. */
  readonly apiKey: string | null;
  readonly now?: () => number;
}

interface Candidate {
  /** as people call it */
  readonly name: string;
  readonly baseUrl: string;
  readonly create: typeof createMinApi;
}

/**
 * Candles of SYMBOL against USD by CryptoCompare's first API or by CoinDesk Data, which it became. The address tells which; where it
 * doesn't, the first of both that takes the key is asked from then on.
 */
export function createCryptoCompare({ baseUrl = null, apiKey, now = Date.now }: CryptoCompareOptions): CandleSource {
  let candidates = candidatesOf(baseUrl);
  const ask = async <T>(subject: string, question: (api: CryptoCompareApi) => Promise<T>): Promise<T> => {
    if (apiKey === null)
      throw new UnauthorizedError(`${subject}: CRYPTOCOMPARE_API_KEY is not set, and CryptoCompare answers nothing without a key`);
    const refusals: string[] = [];
    for (const candidate of candidates) {
      const settle = () => {
        candidates = [candidate, ...candidates.filter((other) => other !== candidate)];
      };
      try {
        const answer = await question(candidate.create({ baseUrl: candidate.baseUrl, apiKey, now }));
        settle();
        return answer;
      } catch (error) {
        if (error instanceof UnknownSymbolError || error instanceof RateLimitedError) settle();
        if (!(error instanceof UnauthorizedError)) throw error;
        refusals.push(`${candidate.name}: ${error.message}`);
      }
    }
    throw new UnauthorizedError(refusals.join("; "));
  };
  return {
    name: "cryptocompare",
    host: new URL(candidates[0].baseUrl).hostname,
    requestsPerSecond: 10,
    newestOnly: null,
    fetchPage: (request, options) => ask(`cryptocompare, ${request.symbol} ${request.interval}`, (api) => api.fetchPage(request, options)),
    rankCoins: (request, options) => ask("cryptocompare, coins by market cap", (api) => api.rankCoins(request, options)),
  };
}

/**
 * Which of the two APIs takes a key, found out by asking for a candle.
 *
 * @param options.baseUrl as in {@link CryptoCompareOptions}
 * @returns as a sentence
 * @throws the same as the source
 */
export async function findApi(
  { baseUrl, apiKey }: { readonly baseUrl: string | null; readonly apiKey: string },
  signal?: AbortSignal,
): Promise<string> {
  const to = lastClosedOpenTime("1d", Date.now());
  const range = { from: to - intervalMs("1d"), to };
  const refusals: string[] = [];
  for (const { name, baseUrl: url, create } of candidatesOf(baseUrl)) {
    try {
      await create({ baseUrl: url, apiKey, now: Date.now }).fetchPage({ symbol: "BTC", interval: "1d", range }, { signal });
      return `${name} at ${url} takes the key`;
    } catch (error) {
      if (!(error instanceof UnauthorizedError)) throw error;
      refusals.push(`${name} at ${url} does not take the key`);
    }
  }
  throw new UnauthorizedError(refusals.join("; "));
}

function candidatesOf(baseUrl: string | null): Candidate[] {
  const first = (url: string): Candidate => ({ name: "CryptoCompare's first API", baseUrl: url, create: createMinApi });
  const data = (url: string): Candidate => ({ name: "CoinDesk Data", baseUrl: url, create: createDataApi });
  if (baseUrl === null) return [first(MIN_API_URL), data(DATA_API_URL)];
  const { hostname, pathname } = new URL(baseUrl);
  if (DATA_API_PATH.test(pathname)) return [data(baseUrl.replace(DATA_API_PATH, ""))];
  if (/^data-api\./.test(hostname)) return [data(baseUrl)];
  if (/^min-api\./.test(hostname)) return [first(baseUrl)];
  return [first(baseUrl), data(baseUrl)];
}
