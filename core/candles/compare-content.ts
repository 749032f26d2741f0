import type { RawCandle } from "./candle.ts";

/** The values of a candle, apart from its time and the time of its fetch. NaN and null are unknown. */
export interface CandleContent extends Omit<RawCandle, "openTime"> {
  readonly source?: string;
}

const ORDER = ["volume", "close", "high", "low", "open", "quoteVolume", "marketCap"] as const;

/**
 * A total order of what two answers of the same time say of a candle, so that the one that is kept does not depend on which came first.
 * The one with more volume is the greater: a candle's volume only grows until it is complete. Unknown is less than any number.
 *
 * @returns negative, 0 (the same values) or positive
 */
export function compareContent(a: CandleContent, b: CandleContent): number {
  for (const name of ORDER) {
    const difference = compare(a[name] ?? Number.NaN, b[name] ?? Number.NaN);
    if (difference !== 0) return difference;
  }
  const [one, other] = [a.source ?? "", b.source ?? ""];
  return one < other ? -1 : one > other ? 1 : 0;
}

function compare(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
  return a < b ? -1 : a > b ? 1 : 0;
}
