import { NotEnoughDataError } from "../vocabulary/errors.ts";
import { intervalMs } from "../vocabulary/interval.ts";
import type { Pool } from "./pool.ts";

/** One fold: models learn from the pool's rows before `trainTo` and are judged on rows `testFrom … testTo − 1`. */
export interface FoldPlan {
  readonly index: number;
  readonly trainTo: number;
  readonly testFrom: number;
  readonly testTo: number;
}

/** Fewer training rows than this are not enough to learn from. */
const MIN_TRAIN_ROWS = 60;

/**
 * Expanding walk-forward by date. The rows are cut into `folds` + 1 stretches of about equal size, between dates, so that
 * the rows of one date are never split. Training leaves out rows whose target was not known yet `embargo` candles before the
 * test stretch.
 *
 * @param embargo in candles
 * @throws {NotEnoughDataError} if a fold would have fewer than 60 training rows, or no test row
 */
export function planFolds(
  pool: Pick<Pool, "openTime" | "horizon" | "interval" | "symbols">,
  { folds, embargo }: { folds: number; embargo: number },
): FoldPlan[] {
  const { openTime } = pool;
  const n = openTime.length;
  const keepOff = (pool.horizon + embargo) * intervalMs(pool.interval);
  const cuts = Array.from({ length: folds }, (_, i) => startOfDate(openTime, Math.round(((i + 1) * n) / (folds + 1))));
  return cuts.map((testFrom, index) => {
    const testTo = cuts[index + 1] ?? n;
    const trainTo = firstAfter(openTime, openTime[testFrom] - keepOff);
    if (trainTo < MIN_TRAIN_ROWS || testTo <= testFrom) {
      throw new NotEnoughDataError(
        `${pool.symbols.join(", ")}: ${n} rows are too few for ${folds} folds; fold ${index} would learn from ${trainTo} rows`,
      );
    }
    return { index, trainTo, testFrom, testTo };
  });
}

/** The first row of the date that row `at` belongs to. */
function startOfDate(openTime: Float64Array, at: number): number {
  let row = Math.min(at, openTime.length - 1);
  while (row > 0 && openTime[row - 1] === openTime[row]) row--;
  return row;
}

/** Number of rows whose time is at most `time`. */
function firstAfter(openTime: Float64Array, time: number): number {
  let low = 0;
  let high = openTime.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (openTime[middle] <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
