import { type Interval, intervalMs } from "../vocabulary/interval.ts";
import type { TimeRange } from "../vocabulary/time-range.ts";

/** Open times as stretches without a gap. @param openTimes ordered and unique */
export function stretchesOf(openTimes: ArrayLike<number>, interval: Interval): TimeRange[] {
  const step = intervalMs(interval);
  const stretches: { from: number; to: number }[] = [];
  for (let i = 0; i < openTimes.length; i++) {
    const last = stretches.at(-1);
    if (last?.to === openTimes[i]) last.to += step;
    else stretches.push({ from: openTimes[i], to: openTimes[i] + step });
  }
  return stretches;
}

/** What is in any of the stretches, ordered; those that touch or overlap are one. */
export function joinStretches(stretches: readonly TimeRange[]): TimeRange[] {
  const joined: { from: number; to: number }[] = [];
  for (const { from, to } of stretches.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (from >= to) continue;
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined;
}

/** What of the stretches is in none of others. @param stretches ordered, apart from one another @param others as well */
export function withoutStretches(stretches: readonly TimeRange[], others: readonly TimeRange[]): TimeRange[] {
  const left: TimeRange[] = [];
  for (const { from, to } of stretches) {
    let at = from;
    for (const other of others) {
      if (other.to <= at || other.from >= to) continue;
      if (other.from > at) left.push({ from: at, to: other.from });
      at = Math.max(at, other.to);
    }
    if (at < to) left.push({ from: at, to });
  }
  return left;
}
