import { type Interval, intervalMs, lastClosedOpenTime } from "../vocabulary/interval.ts";
import type { TimeRange } from "../vocabulary/time-range.ts";

/** What is stored of a symbol. */
export interface Coverage {
  readonly firstOpenTime: number;
  readonly lastOpenTime: number;
  /** Source of the first stored candle. */
  readonly firstSource: string;
  /** Source of the last one. */
  readonly lastSource: string;
}

export interface IngestFacts {
  readonly stored: Coverage | null;
  readonly interval: Interval;
  /** ms UTC */
  readonly asOf: number;
  /** Newest stored candles to fetch again, because sources revise them. */
  readonly overlap: number;
  readonly source: string;
  /** How many newest candles a source serves; null where it serves all history. */
  readonly newestOnly: (source: string) => number | null;
}

/** Newest stored candles to compare with those of another source, before it goes on with the series. */
const COMPARED = 10;

/**
 * What to fetch: everything at first, then what came since, with an overlap. A history that a source of only the newest
 * candles began is fetched whole once a source of all history answers.
 *
 * @returns null when every candle closed at `asOf` is stored already and none is to be refreshed
 */
export function planIngest({ stored, interval, asOf, overlap, source, newestOnly }: IngestFacts): TimeRange | null {
  const step = intervalMs(interval);
  const to = lastClosedOpenTime(interval, asOf) + step;
  const truncated = stored !== null && newestOnly(stored.firstSource) !== null && newestOnly(source) === null;
  if (!stored || truncated || stored.firstOpenTime >= to) return { from: 0, to };
  const wanted = stored.lastSource === source ? overlap : Math.max(overlap, COMPARED);
  const from = Math.max(Math.min(stored.lastOpenTime + step, to) - wanted * step, stored.firstOpenTime);
  return from < to ? { from, to } : null;
}

/**
 * The newest stored candles that another source is asked for before its older ones, which could not be compared with anything; null
 * where the planned range begins among the stored candles, or the source stays the same.
 */
export function comparisonRange(
  planned: TimeRange,
  { stored, interval, source }: Pick<IngestFacts, "stored" | "interval" | "source">,
): TimeRange | null {
  if (stored === null || stored.lastSource === source || planned.from >= stored.firstOpenTime) return null;
  const step = intervalMs(interval);
  const to = Math.min(stored.lastOpenTime + step, planned.to);
  const from = Math.max(to - COMPARED * step, stored.firstOpenTime);
  return from < to ? { from, to } : null;
}
