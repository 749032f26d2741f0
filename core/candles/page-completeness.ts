import { type Interval, intervalMs, lastClosedOpenTime } from "../vocabulary/interval.ts";
import type { TimeRange } from "../vocabulary/time-range.ts";
import { findGaps, type Gap } from "./gaps.ts";

export interface PageFacts {
  /** What the page claims to cover. */
  readonly covered: TimeRange;
  /** Open times of its good candles, ordered. */
  readonly openTimes: ArrayLike<number>;
  /** A time from which candles are known to exist, or null. */
  readonly listedFrom: number | null;
  readonly interval: Interval;
  /** ms UTC */
  readonly asOf: number;
}

export type Completeness =
  | { readonly complete: true }
  | {
      readonly complete: false;
      /** `tail`: only the newest candles are missing; `gap`: others are. */
      readonly kind: "gap" | "tail";
      readonly missing: number;
      readonly firstMissing: number;
      /** Stretches without candles in its middle; empty for a tail. */
      readonly gaps: readonly Gap[];
      /** What is missing behind its last candle; null where that is the newest. */
      readonly behind: TimeRange | null;
    };

/** Whether a page lacks candles inside what it claims to cover. Before the listing, none are expected. */
export function checkCompleteness({ covered, openTimes, listedFrom, interval, asOf }: PageFacts): Completeness {
  const step = intervalMs(interval);
  const end = Math.min(covered.to, lastClosedOpenTime(interval, asOf) + step);
  if (listedFrom === null) return { complete: true };
  const start = Math.ceil(Math.max(covered.from, listedFrom) / step) * step;
  const inside = Array.from(openTimes).filter((time) => time >= start && time < end);
  const gaps = findGaps([start - step, ...inside], interval);
  const missing = gaps.reduce((sum, gap) => sum + gap.missing, 0);
  const next = (inside.at(-1) ?? start - step) + step;
  const behind = next < end ? { from: next, to: end } : null;
  if (missing > 0) return { complete: false, kind: "gap", missing, firstMissing: gaps[0].from, gaps, behind };
  if (behind) return { complete: false, kind: "tail", missing: (end - next) / step, firstMissing: next, gaps: [], behind };
  return { complete: true };
}
