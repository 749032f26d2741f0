import type { RawCandle } from "../../core/candles/candle.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";
import type { TimeRange } from "../../core/vocabulary/time-range.ts";
import type { CandlePage, CandleSource } from "../../sources/candle-source.ts";

export const DAY = 86_400_000;

/** Follows `next` until nothing is left. */
export async function walk(source: CandleSource, symbol: string, range: TimeRange, interval: Interval = "1d"): Promise<CandlePage[]> {
  const pages: CandlePage[] = [];
  for (let rest: TimeRange | null = range; rest; ) {
    const page = await source.fetchPage({ symbol, interval, range: rest });
    pages.push(page);
    if (pages.length > 500) throw new Error(`the walk over ${symbol} does not end`);
    rest = page.next;
  }
  return pages;
}

/** Rows with a price, ordered by time. */
export function realRows(pages: readonly CandlePage[]): RawCandle[] {
  return pages
    .flatMap(({ rows }) => rows)
    .filter(({ close }) => close !== 0)
    .sort((a, b) => a.openTime - b.openTime);
}

/** A range cut at the given fractions of its length, each cut on the grid. */
export function cut({ from, to }: TimeRange, fractions: readonly number[], step = DAY): TimeRange[] {
  const cuts = fractions.map((fraction) => from + Math.floor((fraction * (to - from)) / step) * step);
  const edges = [...new Set([from, ...cuts, to])].sort((a, b) => a - b);
  return edges.slice(1).map((end, i) => ({ from: edges[i], to: end }));
}
