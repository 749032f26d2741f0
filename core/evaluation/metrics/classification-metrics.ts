import type { Metrics } from "../../manifests/manifest.ts";
import { rowLoss } from "../skill/row-losses.ts";
import { ratioOrNull } from "./summary.ts";

const CALIBRATION_BINS = 10;

/**
 * Metrics of probabilities of up against outcomes 0 and 1, each with that of the class prior (`baseline_…`). `auc` is the
 * probability that a random rise is given a higher probability than a random fall. `calibration_error` is the mean distance
 * between probability and frequency over ten bins of equal count. Null where undefined.
 */
export function classificationMetrics(probability: Float64Array, actual: Float64Array, baseline: Float64Array): Metrics {
  const model = scoresOf(probability, actual);
  const prior = scoresOf(baseline, actual);
  return {
    log_loss: model.logLoss,
    brier: model.brier,
    auc: model.auc,
    accuracy: model.accuracy,
    calibration_error: model.calibrationError,
    baseline_log_loss: prior.logLoss,
    baseline_brier: prior.brier,
    baseline_auc: prior.auc,
    baseline_accuracy: prior.accuracy,
    baseline_calibration_error: prior.calibrationError,
  };
}

function scoresOf(probability: Float64Array, actual: Float64Array) {
  const n = actual.length;
  let logLoss = 0;
  let brier = 0;
  let hits = 0;
  for (let i = 0; i < n; i++) {
    logLoss += rowLoss("log_loss", probability[i], actual[i]);
    brier += rowLoss("brier", probability[i], actual[i]);
    if (probability[i] > 0.5 === actual[i] > 0.5) hits++;
  }
  const order = ascending(probability);
  return {
    logLoss: ratioOrNull(logLoss, n),
    brier: ratioOrNull(brier, n),
    accuracy: ratioOrNull(hits, n),
    auc: rankSumArea(order, probability, actual),
    calibrationError: calibrationError(order, probability, actual),
  };
}

/** Area under the ROC curve, from the rank sum (Mann–Whitney); ties count half. Null if there is only one class. */
export function areaUnderCurve(score: ArrayLike<number>, actual: ArrayLike<number>): number | null {
  return rankSumArea(ascending(score), score, actual);
}

function ascending(score: ArrayLike<number>): Int32Array {
  return Int32Array.from({ length: score.length }, (_, i) => i).sort((a, b) => score[a] - score[b]);
}

function rankSumArea(order: Int32Array, score: ArrayLike<number>, actual: ArrayLike<number>): number | null {
  let positives = 0;
  let rankSum = 0;
  for (let i = 0; i < order.length; ) {
    let end = i;
    while (end < order.length && score[order[end]] === score[order[i]]) end++;
    const rank = (i + end + 1) / 2;
    for (; i < end; i++) {
      if (actual[order[i]] > 0.5) {
        positives++;
        rankSum += rank;
      }
    }
  }
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) return null;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}

function calibrationError(order: Int32Array, probability: Float64Array, actual: Float64Array): number | null {
  const n = order.length;
  if (n < CALIBRATION_BINS) return null;
  let error = 0;
  for (let bin = 0; bin < CALIBRATION_BINS; bin++) {
    const to = Math.round(((bin + 1) * n) / CALIBRATION_BINS);
    let gap = 0;
    for (let i = Math.round((bin * n) / CALIBRATION_BINS); i < to; i++) gap += probability[order[i]] - actual[order[i]];
    error += Math.abs(gap) / n;
  }
  return error;
}
