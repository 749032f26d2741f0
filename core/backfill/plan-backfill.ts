import type { SymbolSources } from "../universe/symbol-sources.ts";
import { InvalidInputError } from "../vocabulary/errors.ts";
import { type Interval, intervalMs, lastClosedOpenTime } from "../vocabulary/interval.ts";
import type { TimeRange } from "../vocabulary/time-range.ts";
import { WINDOW_CANDLES, type WindowFacts, type WindowNeed } from "./plan-windows.ts";

/** Before this day no source has a candle: it is the day of bitcoin's first trade on an exchange. */
const FIRST_DAY = "2010-07-17";

/** Windows at work at the same time, by default. */
export const BACKFILL_PARALLELISM = 4;

/** Which candles a backfill looks for. */
export interface BackfillRequest {
  readonly interval?: Interval;
  /** ISO 8601, inclusive; default: since the listing. */
  readonly from?: string;
  /** ISO 8601, exclusive; default: `asOf`. */
  readonly to?: string;
  /** ISO 8601: candles last checked before this time are fetched again. */
  readonly staleBefore?: string;
  readonly windowCandles?: number;
  /** Folder or address of the files that Binance publishes by months. */
  readonly files?: string;
  /** ISO 8601: only candles closed by then. */
  readonly asOf: string;
}

/** The request with every default settled; the range holds closed candles only. */
export type BackfillStretch = Pick<WindowFacts, "range" | "interval" | "asOf" | "staleBefore" | "candles" | "months">;

/** Candles to fetch, by the reason for it. */
export interface BackfillNeeds {
  readonly missing: number;
  readonly stale: number;
  readonly failed: number;
}

export interface BackfillWindow extends WindowNeed {
  readonly symbol: string;
}

/** What a backfill would fetch. */
export interface BackfillSurvey {
  readonly interval: Interval;
  readonly asOf: string;
  readonly range: TimeRange;
  readonly symbols: readonly SymbolSources[];
  readonly needs: BackfillNeeds;
  /** Oldest first; the symbols take turns, so that none waits for another's whole history. */
  readonly windows: readonly BackfillWindow[];
}

/**
 * Settles the stretch of history that a backfill is for.
 *
 * @param defaults `interval`; `now`, ms UTC
 * @throws {InvalidInputError} if it holds no closed candle
 */
export function settleStretch(request: BackfillRequest, defaults: { readonly interval: Interval; readonly now: number }): BackfillStretch {
  const interval = request.interval ?? defaults.interval;
  const step = intervalMs(interval);
  const onGrid = (time: string) => Math.ceil(Date.parse(time) / step) * step;
  const from = onGrid(request.from ?? FIRST_DAY);
  const end = lastClosedOpenTime(interval, Math.min(Date.parse(request.asOf), defaults.now)) + step;
  const to = Math.min(request.to ? onGrid(request.to) : end, end);
  if (from >= to) {
    throw new InvalidInputError(
      `a backfill from ${new Date(from).toISOString()} to ${new Date(to).toISOString()} holds no closed ${interval} candle`,
    );
  }
  return {
    interval,
    range: { from, to },
    asOf: Date.parse(request.asOf),
    staleBefore: request.staleBefore === undefined ? null : Date.parse(request.staleBefore),
    candles: request.windowCandles ?? WINDOW_CANDLES,
    months: request.files !== undefined,
  };
}

/** Puts the windows of all symbols into one order, and sums up what they need. */
export function joinWindows(bySymbol: ReadonlyMap<string, readonly WindowNeed[]>): Pick<BackfillSurvey, "needs" | "windows"> {
  const lists = [...bySymbol].map(([symbol, needs]) => needs.map((need): BackfillWindow => ({ symbol, ...need })));
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  const windows = Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
  const needs = { missing: 0, stale: 0, failed: 0 };
  for (const { missing, stale, failed } of windows) {
    needs.missing += missing;
    needs.stale += stale;
    needs.failed += failed;
  }
  return { needs, windows };
}
