import { conformalQuantile } from "./conformal.ts";
import type { Pool } from "./pool.ts";
import type { FoldPlan } from "./walk-forward.ts";

/**
 * Half-widths of the intervals as they would have been given at the time: a fold's come from the scores of earlier folds
 * only, of the same coin. NaN in the first fold and where there are too few scores.
 *
 * @param prediction forward log returns, one per pool row
 * @returns one half-width per pool row
 */
export function intervalsByFold(pool: Pool, folds: readonly FoldPlan[], prediction: Float64Array, coverage: number): Float64Array {
  const width = new Float64Array(pool.openTime.length).fill(Number.NaN);
  const scores: number[][] = pool.symbols.map(() => []);
  for (const { testFrom, testTo } of folds) {
    const quantiles = scores.map((own) => conformalQuantile(own, coverage));
    for (let row = testFrom; row < testTo; row++) width[row] = (quantiles[pool.symbolIndex[row]] ?? Number.NaN) * pool.scale[row];
    for (let row = testFrom; row < testTo; row++) {
      scores[pool.symbolIndex[row]].push(Math.abs(pool.actual[row] - prediction[row]) / pool.scale[row]);
    }
  }
  return width;
}
