import type { Metrics } from "../manifests/manifest.ts";
import { mean, ratioOrNull } from "./summary.ts";

/**
 * Metrics of forward log returns against "no change", which predicts 0. `mase` is the mean absolute error in units of the
 * baseline's, `r2` the share of the squared error of "no change" that is explained; null where undefined.
 */
export function regressionMetrics(prediction: ArrayLike<number>, actual: ArrayLike<number>): Metrics {
  const n = actual.length;
  if (n === 0) return { mae: null, rmse: null, mase: null, r2: null, directional_accuracy: null, baseline_mae: null, baseline_rmse: null };
  const errors = Array.from(actual, (value, i) => value - prediction[i]);
  const moved = Array.from(actual, (value, i) => [value, prediction[i]]).filter(([value, predicted]) => value !== 0 && predicted !== 0);
  const mae = mean(errors.map(Math.abs));
  const mse = mean(errors.map((error) => error * error));
  const baselineMae = mean(Array.from(actual, Math.abs));
  const baselineMse = mean(Array.from(actual, (value) => value * value));
  const explained = ratioOrNull(mse, baselineMse);
  return {
    mae,
    rmse: Math.sqrt(mse),
    mase: ratioOrNull(mae, baselineMae),
    r2: explained === null ? null : 1 - explained,
    directional_accuracy: moved.length ? mean(moved.map(([value, predicted]) => Number(value > 0 === predicted > 0))) : null,
    baseline_mae: baselineMae,
    baseline_rmse: Math.sqrt(baselineMse),
  };
}
