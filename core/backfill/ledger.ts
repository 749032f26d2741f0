import type { TimeRange } from "../vocabulary/time-range.ts";

/** A stretch of open times that a source was asked for, whatever it answered; `at` is the time of the request or earlier, ms UTC. */
export interface Asked extends TimeRange {
  readonly at: number;
}

/** A stretch that every source failed on, with the reason. */
export interface Failed extends Asked {
  readonly reason: string;
}

/**
 * What backfills record about a symbol besides its candles: stretches where a candle that isn't stored doesn't exist, and
 * stretches that failed. The stretches of each list are ordered and don't overlap.
 */
export interface Ledger {
  readonly asked: readonly Asked[];
  readonly failed: readonly Failed[];
}

export const EMPTY_LEDGER: Ledger = { asked: [], failed: [] };

/** How the fetch of one window ended; `error` null where it went well. */
export interface WindowOutcome {
  readonly range: TimeRange;
  readonly at: number;
  readonly error: string | null;
}

/** Whether a whole stretch was asked for since a time (ms UTC), so that a candle of it that isn't stored doesn't exist. */
export function wasAsked({ asked }: Pick<Ledger, "asked">, { from, to }: TimeRange, since: number): boolean {
  let covered = from;
  for (const stretch of asked) if (stretch.at >= since && stretch.from <= covered && stretch.to > covered) covered = stretch.to;
  return covered >= to;
}

/** Adds the outcomes of further windows to a ledger. A later outcome replaces an earlier one; adjacent stretches are joined. */
export function noteOutcomes(ledger: Ledger, outcomes: readonly WindowOutcome[]): Ledger {
  let { asked, failed } = ledger;
  for (const { range, at, error } of outcomes) {
    failed = without(failed, range);
    if (error === null) asked = [...without(asked, range), { from: range.from, to: range.to, at }];
    else failed = [...failed, { from: range.from, to: range.to, at, reason: error }];
  }
  return {
    asked: joined(asked, (a, b) => a.at === b.at),
    failed: joined(failed, (a, b) => a.at === b.at && a.reason === b.reason),
  };
}

function without<T extends TimeRange>(stretches: readonly T[], { from, to }: TimeRange): T[] {
  return stretches.flatMap((stretch) => {
    if (stretch.to <= from || stretch.from >= to) return [stretch];
    const before = stretch.from < from ? [{ ...stretch, to: from }] : [];
    const after = stretch.to > to ? [{ ...stretch, from: to }] : [];
    return [...before, ...after];
  });
}

function joined<T extends TimeRange>(stretches: readonly T[], same: (a: T, b: T) => boolean): T[] {
  const result: T[] = [];
  for (const stretch of [...stretches].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && last.to === stretch.from && same(last, stretch)) result[result.length - 1] = { ...last, to: stretch.to };
    else result.push(stretch);
  }
  return result;
}
