import { InvalidInputError } from "./errors.ts";

/** Length of a candle, as the exchanges name it. */
export type Interval = "1d" | "1h" | "1m";

export const INTERVALS: readonly Interval[] = ["1d", "1h", "1m"];

const LENGTH_MS: Record<Interval, number> = { "1d": 86_400_000, "1h": 3_600_000, "1m": 60_000 };

/** Length of an interval in milliseconds. */
export function intervalMs(interval: Interval): number {
  return LENGTH_MS[interval];
}

/** @throws {InvalidInputError} if the text is not one of {@link INTERVALS} */
export function parseInterval(text: string): Interval {
  if ((INTERVALS as readonly string[]).includes(text)) return text as Interval;
  throw new InvalidInputError(`interval ${JSON.stringify(text)} is not one of ${INTERVALS.join(", ")}`);
}

/** Open time (ms UTC) of the newest candle that has closed at `asOfMs`. */
export function lastClosedOpenTime(interval: Interval, asOfMs: number): number {
  const step = LENGTH_MS[interval];
  return Math.floor(asOfMs / step) * step - step;
}
