import { intervalHalfWidth } from "../../serving/forecast.ts";
import { intervalMs } from "../../vocabulary/interval.ts";
import type { Pool } from "../pool.ts";
import type { FoldPlan } from "../walk-forward.ts";
import { conformalQuantile, conformalScore } from "./conformal.ts";

/**
 * Half-widths of the intervals as they would have been given at the time. A fold's come from scores of the same coin in
 * earlier folds whose targets were known when the fold began. NaN in the first fold and where there are too few scores.
 *
 * @param prediction forward log returns, one per pool row
 * @returns one half-width per pool row
 */
export function intervalsByFold(pool: Pool, folds: readonly FoldPlan[], prediction: Float64Array, coverage: number): Float64Array {
  const { openTime, symbols, symbolIndex, actual, scale } = pool;
  const wait = pool.horizon * intervalMs(pool.interval);
  const width = new Float64Array(openTime.length).fill(Number.NaN);
  const scores: number[][] = symbols.map(() => []);
  let known = folds[0]?.testFrom ?? 0;
  for (const { testFrom, testTo } of folds) {
    for (; known < testFrom && openTime[known] + wait <= openTime[testFrom]; known++) {
      scores[symbolIndex[known]].push(conformalScore(actual[known], prediction[known], scale[known]));
    }
    const quantiles = scores.map((own) => conformalQuantile(own, coverage));
    for (let row = testFrom; row < testTo; row++) width[row] = intervalHalfWidth(quantiles[symbolIndex[row]], scale[row]);
  }
  return width;
}
