import { InvalidInputError } from "./errors.ts";

/** Lengths of a candle, as the exchanges name them. */
export const INTERVALS = ["1d", "1h", "1m"] as const;
export type Interval = (typeof INTERVALS)[number];

const LENGTH_MS: Record<Interval, number> = { "1d": 86_400_000, "1h": 3_600_000, "1m": 60_000 };

/** Length of an interval in milliseconds. */
export function intervalMs(interval: Interval): number {
  return LENGTH_MS[interval];
}

export function isInterval(text: string): text is Interval {
  return (INTERVALS as readonly string[]).includes(text);
}

/** @throws {InvalidInputError} if the text is not one of {@link INTERVALS} */
export function parseInterval(text: string): Interval {
  if (isInterval(text)) return text;
  throw new InvalidInputError(`interval ${JSON.stringify(text)} is not one of ${INTERVALS.join(", ")}`);
}

/** Open time (ms UTC) of the newest candle that has closed at `asOfMs`. */
export function lastClosedOpenTime(interval: Interval, asOfMs: number): number {
  const step = LENGTH_MS[interval];
  return Math.floor(asOfMs / step) * step - step;
}
