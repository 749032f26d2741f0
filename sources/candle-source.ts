import type { RawCandle } from "../core/candles/candle.ts";
import type { ListedCoin } from "../core/universe/rank-coins.ts";
import type { Interval } from "../core/vocabulary/interval.ts";
import type { TimeRange } from "../core/vocabulary/time-range.ts";

export interface PageRequest {
  readonly symbol: string;
  readonly interval: Interval;
  /** Wanted open times; `from` 0 means "since the listing". */
  readonly range: TimeRange;
}

/** One answer of a source. */
export interface CandlePage {
  /** Rows in any order, unchecked. Rows that the source marks as "before the listing" are all zero and still here. */
  readonly rows: readonly RawCandle[];
  /** The range that this answer claims to cover: a candle missing inside it is a gap, or damage. */
  readonly covered: TimeRange;
  /** What to ask for next; null when nothing of the wanted range is left. */
  readonly next: TimeRange | null;
  /** The source's clock when it answered, ms UTC; null where it does not tell. */
  readonly servedAt: number | null;
  /** How much of what the service allows is used up, by its own headers, from 0 to 1; not there where it does not tell. */
  readonly used?: number;
  /** Who published these rows, where that is not the source's name: they are stored under it. */
  readonly publisher?: string;
}

/** One answer to the question for all coins. */
export interface RankingPage {
  readonly by: "market cap" | "quote volume";
  readonly coins: readonly ListedCoin[];
  /** Whether there is a next page; where there is, its coins are smaller. */
  readonly more: boolean;
}

/** One request is one call, so that a task queue's activity rate limit is the source's rate limit. */
export interface CandleSource {
  readonly name: string;
  /** Requests per second that all workers together may make. */
  readonly requestsPerSecond: number;
  /** The source serves only this many newest candles; null where it serves all history. */
  readonly newestOnly: number | null;
  /** Name of the service's host; not there where nobody is asked. */
  readonly host?: string;
  /**
   * A range as the requests that it takes, where they can be sent side by side; not there where only an answer tells the next request.
   * A range that begins with the listing is one request: its answer tells when that was.
   */
  pagesOf?(request: Pick<PageRequest, "interval" | "range">): TimeRange[];
  /**
   * Sends no request.
   *
   * @throws {SourceDownError} while the source is known not to be reached
   */
  assertUp?(): Promise<void>;
  /**
   * @throws {UnknownSymbolError | UnauthorizedError | RestrictedLocationError | RateLimitedError | SourceUnavailableError}
   */
  fetchPage(request: PageRequest, options?: { signal?: AbortSignal }): Promise<CandlePage>;
  /**
   * A page of all coins that the source lists, in any order within the page; not there where it tells of no such list.
   *
   * @param page from 0
   * @throws the same as {@link fetchPage}
   */
  rankCoins?(request: { readonly page: number }, options?: { signal?: AbortSignal }): Promise<RankingPage>;
}
