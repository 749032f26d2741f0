import type { Pool } from "./pool.ts";
import type { FoldPlan } from "./walk-forward.ts";

/** Rises seen before the first, so that a prior is never 0 or 1. */
const PSEUDO = 1;

/**
 * The class prior: per pool row of a test stretch, the share of rises of its own coin in the fold's training rows; of all
 * coins where it had none. NaN for rows of no test stretch.
 */
export function classPrior(pool: Pool, folds: readonly FoldPlan[]): Float64Array {
  const prior = new Float64Array(pool.openTime.length).fill(Number.NaN);
  for (const { trainTo, testFrom, testTo } of folds) {
    const ups = new Float64Array(pool.symbols.length);
    const counts = new Float64Array(pool.symbols.length);
    for (let row = 0; row < trainTo; row++) {
      counts[pool.symbolIndex[row]]++;
      if (pool.actual[row] > 0) ups[pool.symbolIndex[row]]++;
    }
    const all = (ups.reduce((a, b) => a + b, 0) + PSEUDO) / (trainTo + 2 * PSEUDO);
    for (let row = testFrom; row < testTo; row++) {
      const coin = pool.symbolIndex[row];
      prior[row] = counts[coin] > 0 ? (ups[coin] + PSEUDO) / (counts[coin] + 2 * PSEUDO) : all;
    }
  }
  return prior;
}
