import { type Interval, intervalMs } from "../vocabulary/interval.ts";
import type { TimeRange } from "../vocabulary/time-range.ts";
import type { Asked, Failed, Ledger } from "./ledger.ts";

/** Candles of one window, by default and at most: every source answers as many in one request or two. */
export const WINDOW_CANDLES = 1000;

/** A stretch to fetch, and why: how many of its candles are missing, stale or failed before. */
export interface WindowNeed {
  readonly range: TimeRange;
  /** neither stored nor known not to exist */
  readonly missing: number;
  /** stored, but last checked too early */
  readonly stale: number;
  /** in a stretch that an earlier backfill recorded as failed, and not fetched since */
  readonly failed: number;
  /** of the earlier failure; null where there was none */
  readonly reason: string | null;
  /** It lies in one month that is over, whose published file may be read instead. */
  readonly month?: true;
}

export interface WindowFacts {
  /** Closed candles only; both ends on the interval's grid. */
  readonly range: TimeRange;
  readonly interval: Interval;
  /** Of the stored candles, ordered; ms UTC. */
  readonly openTime: ArrayLike<number>;
  /** Of the same candles. */
  readonly fetchedAt: ArrayLike<number>;
  readonly ledger: Ledger;
  /** ms UTC */
  readonly asOf: number;
  /** Candles last checked before this time (ms UTC) are stale in any case; null: no such time. */
  readonly staleBefore: number | null;
  /** candles of a window */
  readonly candles: number;
  /** Whether months that are over are windows of their own, whatever `candles` is. */
  readonly months?: boolean;
}

/** For how long after its close a candle may still be revised by its source: its own length, at most an hour. */
export function revisionMs(interval: Interval): number {
  return Math.min(intervalMs(interval), 3_600_000);
}

/**
 * What has to be fetched of a range, window by window, oldest first. A window is cut down to the stretch from its first
 * to its last candle that is needed; a window that needs nothing is left out.
 *
 * A candle was last checked when it was fetched, or when a backfill last asked for its stretch: if a source answers with
 * the same values, the stored row stays as it is.
 */
export function planWindows({
  range,
  interval,
  openTime,
  fetchedAt,
  ledger,
  asOf,
  staleBefore,
  candles,
  months,
}: WindowFacts): WindowNeed[] {
  const step = intervalMs(interval);
  const settled = step + revisionMs(interval);
  const askedAt = stretchAt(ledger.asked);
  const failedAt = stretchAt(ledger.failed);
  const needs: WindowNeed[] = [];
  let stored = 0;
  for (let start = range.from, end = start; start < range.to; start = end) {
    const monthEnd = endOfMonth(start);
    const isMonth = months === true && monthEnd <= asOf;
    end = Math.min(isMonth ? monthEnd : start + candles * step, range.to);
    const counts = { missing: 0, stale: 0, failed: 0 };
    let reason: string | null = null;
    let first = -1;
    let last = -1;
    for (let time = start; time < end; time += step) {
      while (stored < openTime.length && openTime[stored] < time) stored++;
      const fetched = stored < openTime.length && openTime[stored] === time ? fetchedAt[stored] : null;
      const asked: Asked | null = askedAt(time);
      const failure: Failed | null = failedAt(time);
      const looked = Math.max(fetched ?? Number.NEGATIVE_INFINITY, asked?.at ?? Number.NEGATIVE_INFINITY);
      const early = looked < time + settled && asOf >= time + settled;
      const old = staleBefore !== null && looked < staleBefore;
      const again = failure !== null && looked < failure.at;
      if (!again && !early && !old && looked !== Number.NEGATIVE_INFINITY) continue;
      if (again) {
        counts.failed++;
        reason ??= failure.reason;
      } else if (fetched === null) counts.missing++;
      else counts.stale++;
      if (first < 0) first = time;
      last = time;
    }
    if (first >= 0) needs.push({ range: { from: first, to: last + step }, ...counts, reason, ...(isMonth ? { month: true } : {}) });
  }
  return needs;
}

/** The beginning of the next month, UTC. */
export function endOfMonth(time: number): number {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}

/** Looks up the stretch that holds a time; times have to be asked for in order. */
function stretchAt<T extends TimeRange>(stretches: readonly T[]): (time: number) => T | null {
  let next = 0;
  return (time) => {
    while (next < stretches.length && stretches[next].to <= time) next++;
    return next < stretches.length && stretches[next].from <= time ? stretches[next] : null;
  };
}
