import type { Metrics } from "../../manifests/manifest.ts";
import { ratioOrNull } from "./summary.ts";

export interface RegressionFacts {
  /** forward log returns, predicted and true */
  readonly prediction: Float64Array;
  readonly actual: Float64Array;
  /** the drift baseline's predictions */
  readonly drift: Float64Array;
  /** unit of MASE: mean absolute return of the coin in training; NaN where unknown */
  readonly unit: Float64Array;
}

/**
 * Metrics of forward log returns, each with those of the baselines: `baseline_…` is "no change", which predicts 0; `drift_…`
 * predicts the mean return of the training rows.
 *
 * `mase` is the mean of |error| / mean absolute return of the coin in training, the error of "no change" there (Hyndman and
 * Koehler 2006); `r2` out of sample: the share of drift's squared error that is explained (Campbell and Thompson 2008);
 * `directional_accuracy` over the rows where both price and prediction move. Null where undefined.
 */
export function regressionMetrics({ prediction, actual, drift, unit }: RegressionFacts): Metrics {
  const zeros = new Float64Array(actual.length);
  const model = errorsOf(prediction, actual, unit);
  const noChange = errorsOf(zeros, actual, unit);
  const drifting = errorsOf(drift, actual, unit);
  const unexplained = ratioOrNull(model.squares, drifting.squares);
  return {
    mae: model.mae,
    rmse: model.rmse,
    mase: model.mase,
    r2: unexplained === null ? null : 1 - unexplained,
    directional_accuracy: model.directions,
    baseline_mae: noChange.mae,
    baseline_rmse: noChange.rmse,
    baseline_mase: noChange.mase,
    drift_mae: drifting.mae,
    drift_rmse: drifting.rmse,
    drift_mase: drifting.mase,
    drift_directional_accuracy: drifting.directions,
  };
}

function errorsOf(prediction: Float64Array, actual: Float64Array, unit: Float64Array) {
  const n = actual.length;
  let absolute = 0;
  let squares = 0;
  let scaled = 0;
  let scaledRows = 0;
  let moves = 0;
  let hits = 0;
  for (let i = 0; i < n; i++) {
    const error = Math.abs(actual[i] - prediction[i]);
    absolute += error;
    squares += error * error;
    if (unit[i] > 0) {
      scaled += error / unit[i];
      scaledRows++;
    }
    if (actual[i] !== 0 && prediction[i] !== 0) {
      moves++;
      if (actual[i] > 0 === prediction[i] > 0) hits++;
    }
  }
  const meanSquare = ratioOrNull(squares, n);
  return {
    squares,
    mae: ratioOrNull(absolute, n),
    rmse: meanSquare === null ? null : Math.sqrt(meanSquare),
    mase: ratioOrNull(scaled, scaledRows),
    directions: ratioOrNull(hits, moves),
  };
}
