import type { Metrics } from "../manifests/manifest.ts";
import { mean } from "./summary.ts";

const CALIBRATION_BINS = 10;

/**
 * Metrics of probabilities of up against outcomes 0 and 1. `auc` is the chance that a random rise has a higher probability
 * than a random fall; `calibration_error` the mean distance between probability and frequency over ten bins of equal
 * count; null where undefined.
 */
export function classificationMetrics(probability: ArrayLike<number>, actual: ArrayLike<number>, baseline: ArrayLike<number>): Metrics {
  const n = actual.length;
  if (n === 0)
    return {
      log_loss: null,
      brier: null,
      auc: null,
      accuracy: null,
      calibration_error: null,
      baseline_log_loss: null,
      baseline_brier: null,
    };
  const rows = Array.from({ length: n }, (_, i) => i);
  return {
    log_loss: mean(rows.map((i) => logLoss(probability[i], actual[i]))),
    brier: mean(rows.map((i) => (probability[i] - actual[i]) ** 2)),
    auc: areaUnderCurve(probability, actual),
    accuracy: mean(rows.map((i) => Number(probability[i] > 0.5 === actual[i] > 0.5))),
    calibration_error: calibrationError(probability, actual),
    baseline_log_loss: mean(rows.map((i) => logLoss(baseline[i], actual[i]))),
    baseline_brier: mean(rows.map((i) => (baseline[i] - actual[i]) ** 2)),
  };
}

function logLoss(probability: number, actual: number): number {
  const p = Math.min(1 - 1e-15, Math.max(1e-15, probability));
  return actual > 0.5 ? -Math.log(p) : -Math.log(1 - p);
}

/** By the rank sum (Mann–Whitney); ties count half. Null with one class only. */
export function areaUnderCurve(score: ArrayLike<number>, actual: ArrayLike<number>): number | null {
  const order = Array.from(score, (_, i) => i).sort((a, b) => score[a] - score[b]);
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

function calibrationError(probability: ArrayLike<number>, actual: ArrayLike<number>): number | null {
  const order = Array.from(probability, (_, i) => i).sort((a, b) => probability[a] - probability[b]);
  if (order.length < CALIBRATION_BINS) return null;
  let error = 0;
  for (let bin = 0; bin < CALIBRATION_BINS; bin++) {
    const members = order.slice(
      Math.round((bin * order.length) / CALIBRATION_BINS),
      Math.round(((bin + 1) * order.length) / CALIBRATION_BINS),
    );
    const gap = mean(members.map((i) => probability[i])) - mean(members.map((i) => actual[i]));
    error += (Math.abs(gap) * members.length) / order.length;
  }
  return error;
}
