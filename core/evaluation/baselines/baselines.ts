import { intervalMs } from "../../vocabulary/interval.ts";
import type { Pool } from "../pool.ts";
import type { FoldPlan } from "../walk-forward.ts";

/** Rises and falls that are counted on top of the observed ones, so that a prior is never 0 or 1. */
const PSEUDO = 1;
/** How many candles the recent volatility covers. */
const RECENT = 20;

/** Share of rises in the first `rows` rows of a pool, of all its coins: a probability of up. */
export function shareOfRises({ actual }: Pick<Pool, "actual">, rows: number): number {
  let ups = PSEUDO;
  for (let row = 0; row < rows; row++) if (actual[row] > 0) ups++;
  return ups / (rows + 2 * PSEUDO);
}

/** Mean forward return of the first `rows` rows of a pool, of all its coins, in units of each row's scale. */
export function meanScaledReturn({ actual, scale }: Pick<Pool, "actual" | "scale">, rows: number): number {
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += actual[row] / scale[row];
  return sum / rows;
}

/**
 * The class prior: for each pool row of a test stretch, the share of rises in the fold's training rows. It is the group's,
 * not the coin's: a prior from a coin's few rows is so noisy that a constant model would beat it.
 *
 * @returns one probability per pool row; NaN for rows of no test stretch
 */
export function classPrior(pool: Pick<Pool, "actual">, folds: readonly FoldPlan[]): Float64Array {
  const prior = new Float64Array(pool.actual.length).fill(Number.NaN);
  for (const { trainTo, testFrom, testTo } of folds) prior.fill(shareOfRises(pool, trainTo), testFrom, testTo);
  return prior;
}

/**
 * Drift: for each pool row of a test stretch, the mean return of the fold's training rows. It is the group's mean, in units
 * of volatility, for the same reason as the class prior.
 *
 * @returns one forward log return per pool row; NaN for rows of no test stretch
 */
export function drift(pool: Pick<Pool, "actual" | "scale">, folds: readonly FoldPlan[]): Float64Array {
  const out = new Float64Array(pool.actual.length).fill(Number.NaN);
  for (const { trainTo, testFrom, testTo } of folds) {
    const mean = meanScaledReturn(pool, trainTo);
    for (let row = testFrom; row < testTo; row++) out[row] = mean * pool.scale[row];
  }
  return out;
}

/**
 * Mean absolute forward return of the coin in the fold's training rows: the error of "no change" in training, which is the
 * unit of MASE (Hyndman and Koehler 2006).
 *
 * @returns one value per pool row; NaN for rows of no test stretch, and where the coin has no training row
 */
export function meanAbsoluteReturn({ actual, symbolIndex, symbols }: Pool, folds: readonly FoldPlan[]): Float64Array {
  const out = new Float64Array(actual.length).fill(Number.NaN);
  const sums = new Float64Array(symbols.length);
  const counts = new Float64Array(symbols.length);
  let row = 0;
  for (const { trainTo, testFrom, testTo } of folds) {
    for (; row < trainTo; row++) {
      sums[symbolIndex[row]] += Math.abs(actual[row]);
      counts[symbolIndex[row]]++;
    }
    for (let test = testFrom; test < testTo; test++) out[test] = sums[symbolIndex[test]] / counts[symbolIndex[test]];
  }
  return out;
}

/**
 * Volatility of the coin's last 20 forward returns that were known at the time: their root mean square. Without a model,
 * this is what an interval's width would be derived from.
 *
 * @returns one value per pool row; NaN where fewer than 20 are known
 */
export function recentVolatility({ openTime, actual, symbolIndex, symbols, interval, horizon }: Pool): Float64Array {
  const wait = horizon * intervalMs(interval);
  const rows: number[][] = symbols.map(() => []);
  const known = symbols.map(() => 0);
  const squares = symbols.map(() => 0);
  return openTime.map((time, row) => {
    const coin = symbolIndex[row];
    const own = rows[coin];
    own.push(row);
    for (; openTime[own[known[coin]]] + wait <= time; known[coin]++) {
      squares[coin] += actual[own[known[coin]]] ** 2;
      if (known[coin] >= RECENT) squares[coin] -= actual[own[known[coin] - RECENT]] ** 2;
    }
    return known[coin] < RECENT ? Number.NaN : Math.sqrt(Math.max(0, squares[coin]) / RECENT);
  });
}
