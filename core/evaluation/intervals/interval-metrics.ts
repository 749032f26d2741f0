import type { Metrics } from "../../manifests/manifest.ts";
import { ratioOrNull } from "../metrics/summary.ts";
import { normalQuantile } from "./normal.ts";

export interface IntervalFacts {
  /** forward log returns, predicted and true */
  readonly prediction: Float64Array;
  readonly actual: Float64Array;
  /** half-widths of the model's intervals as known at the time; NaN where there was none */
  readonly halfWidth: Float64Array;
  /** volatility of the last returns, of the same unit; NaN where unknown */
  readonly recentVolatility: Float64Array;
  readonly coverage: number;
}

/**
 * Metrics of intervals, over the rows that have both the model's and the baseline's. The baseline (`baseline_…`) is no change
 * ± the normal quantile × the recent volatility. `interval_coverage` is the share of outcomes inside, `interval_width` the
 * mean width in log return, `interval_score` the width plus 2 / α × how far outcomes were outside; smaller is better
 * (Gneiting and Raftery 2007).
 */
export function intervalMetrics({ prediction, actual, halfWidth, recentVolatility, coverage }: IntervalFacts): Metrics {
  const deviations = normalQuantile((1 + coverage) / 2);
  const model = { inside: 0, width: 0, outside: 0 };
  const baseline = { inside: 0, width: 0, outside: 0 };
  let n = 0;
  const add = (sums: typeof model, distance: number, half: number) => {
    sums.width += 2 * half;
    if (distance <= half) sums.inside++;
    else sums.outside += distance - half;
  };
  for (let i = 0; i < actual.length; i++) {
    if (Number.isNaN(halfWidth[i]) || Number.isNaN(recentVolatility[i])) continue;
    n++;
    add(model, Math.abs(actual[i] - prediction[i]), halfWidth[i]);
    add(baseline, Math.abs(actual[i]), deviations * recentVolatility[i]);
  }
  const penalty = 2 / (1 - coverage);
  return {
    interval_coverage: ratioOrNull(model.inside, n),
    interval_width: ratioOrNull(model.width, n),
    interval_score: ratioOrNull(model.width + penalty * model.outside, n),
    baseline_interval_coverage: ratioOrNull(baseline.inside, n),
    baseline_interval_width: ratioOrNull(baseline.width, n),
    baseline_interval_score: ratioOrNull(baseline.width + penalty * baseline.outside, n),
  };
}
