import type { Pool } from "./pool.ts";
import type { FoldPlan } from "./walk-forward.ts";

/** Rises and falls seen before the first, so that a prior is never 0 or 1. */
const PSEUDO = 1;

/**
 * The class prior: for each pool row of a test stretch, the share of rises in the fold's training rows. It is the group's,
 * not the coin's: few rows make a coin's own prior so noisy that a model would beat it by saying nothing.
 *
 * @returns one probability per pool row; NaN for rows of no test stretch
 */
export function classPrior(pool: Pick<Pool, "actual">, folds: readonly FoldPlan[]): Float64Array {
  const prior = new Float64Array(pool.actual.length).fill(Number.NaN);
  for (const { trainTo, testFrom, testTo } of folds) {
    let ups = PSEUDO;
    for (let row = 0; row < trainTo; row++) if (pool.actual[row] > 0) ups++;
    prior.fill(ups / (trainTo + 2 * PSEUDO), testFrom, testTo);
  }
  return prior;
}
