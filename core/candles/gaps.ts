import { type Interval, intervalMs } from "../vocabulary/interval.ts";

/** A stretch of open times without candles: `from` inclusive, `to` exclusive, ms UTC. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  /** candles */
  readonly missing: number;
}

/** Stretches of missing candles between the first and the last open time, which are ordered and unique. */
export function findGaps(openTime: ArrayLike<number>, interval: Interval): Gap[] {
  const step = intervalMs(interval);
  const gaps: Gap[] = [];
  for (let i = 1; i < openTime.length; i++) {
    const from = openTime[i - 1] + step;
    if (openTime[i] > from) gaps.push({ from, to: openTime[i], missing: (openTime[i] - from) / step });
  }
  return gaps;
}

/** Beyond so many missing newest candles a series has ended, or its source has: nobody waits for them. */
const MOST_BEHIND: Record<Interval, number> = { "1d": 3, "1h": 12, "1m": 60 };

/** Whether a series whose newest candles are missing has ended, rather than waits for its next candle. @param missing candles */
export function hasEnded(missing: number, interval: Interval): boolean {
  return missing > MOST_BEHIND[interval];
}
