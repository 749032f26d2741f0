import { intervalMs } from "../vocabulary/interval.ts";
import type { SuspectJump } from "../vocabulary/suspect-jump.ts";
import type { CandleSeries } from "./candle-series.ts";
import { filterSeries } from "./series-verbs.ts";

const DAY_MS = 86_400_000;
/** Markets don't close, so a candle opens where the one before it closed: at most this factor apart. */
const MOST_BETWEEN = Math.log(3);
/** A day without candles may move the price by this much more, as a logarithm. */
const MOST_PER_DAY = 0.1;
/** No coin closes at more than this multiple of its open. The other way there is no such limit: coins can die in a day. */
const MOST_RALLY = 20;
/** Candles in a row that may stand apart from both their neighbours, and are then left out. */
const MOST_APART = 2;

export interface ContinuousSeries {
  /** The candles behind the last change of level, without those that stand apart. */
  readonly series: CandleSeries;
  /** ordered by time */
  readonly jumps: readonly SuspectJump[];
}

/**
 * The part of a series in which each candle goes on from the one before it. A jump is suspected where a candle opens at more than three
 * times the close before it, or less than a third, with 10 % more for each day without candles in between; or where it closes at more than
 * twenty times its open. Crashes and rallies pass, because they happen inside candles.
 *
 * @param series ordered by open time
 */
export function continuousSeries(series: CandleSeries): ContinuousSeries {
  const { openTime, open, close, length } = series;
  const step = intervalMs(series.interval);
  const goesOn = (row: number, after: number) => {
    const days = (openTime[row] - openTime[after] - step) / DAY_MS;
    const limit = MOST_BETWEEN + MOST_PER_DAY * Math.max(0, days);
    return Math.abs(Math.log(open[row] / close[after])) <= limit;
  };
  const isPossible = (row: number) => close[row] <= MOST_RALLY * open[row];
  const timeOf = (row: number) => new Date(openTime[row]).toISOString();
  const apart = new Set<number>();
  const jumps: SuspectJump[] = [];
  let first = 0;
  let last = 0;
  for (let row = 1; row < length; row++) {
    if (goesOn(row, last) && isPossible(row)) {
      last = row;
      continue;
    }
    const back = comesBack(row, last);
    if (back !== null) {
      for (let skipped = row; skipped < back; skipped++) apart.add(skipped);
      jumps.push({
        openTime: timeOf(row),
        kind: "row",
        rows: back - row,
        from: close[last],
        to: goesOn(row, last) ? close[row] : open[row],
      });
      row = back;
      last = back;
      continue;
    }
    const isInside = goesOn(row, last);
    jumps.push({
      openTime: timeOf(row),
      kind: "level",
      rows: row - first + (isInside ? 1 : 0),
      from: isInside ? open[row] : close[last],
      to: isInside ? close[row] : open[row],
    });
    first = isInside ? row + 1 : row;
    last = row;
  }
  return { series: jumps.length === 0 ? series : filterSeries(series, (row) => row >= first && !apart.has(row)), jumps };

  /** The first of the next rows that goes on from `last` as if those between were not there, without a day missing; else null. */
  function comesBack(row: number, from: number): number | null {
    for (let next = row + 1; next <= Math.min(row + MOST_APART, length - 1); next++) {
      if (openTime[next] - openTime[from] !== (next - from) * step) return null;
      if (goesOn(next, from) && isPossible(next)) return next;
    }
    return null;
  }
}
