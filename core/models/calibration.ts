import type { InnerFold } from "./choose-penalty.ts";

/** Share of the rows that the inner fit learns from; it forecasts the rest. */
const INNER_TRAIN_SHARE = 2 / 3;
/** Share of the rows between: the newest targets overlap the first forecast rows. */
const GAP_SHARE = 0.01;

/** Which rows an inner fit learns from, and which later ones it forecasts so that a calibration can be learned. */
export function planCalibration(rows: number): InnerFold {
  const testFrom = Math.round(rows * INNER_TRAIN_SHARE);
  return { trainTo: Math.max(1, testFrom - Math.ceil(rows * GAP_SHARE)), testFrom, testTo: rows };
}

/**
 * How far probabilities are trusted: the slope s of `prior + s × (probability − prior)`, half of the way from 1 to the slope
 * with the least Brier score on forecasts that the inner fit made of later rows, within 0 … 1. Slopes of neighbouring
 * stretches differ as much from each other as from 1, hence half of the way. In the range of probabilities that candles
 * allow, a straight line and a sigmoid through the prior are the same.
 *
 * @param forecast n probabilities
 * @param outcome n values, 0 or 1
 * @param prior the share of ones that the inner fit learned from
 */
export function learnTrust(forecast: Float64Array, outcome: Float64Array, prior: number): number {
  let product = 0;
  let squares = 0;
  for (let i = 0; i < forecast.length; i++) {
    const deviation = forecast[i] - prior;
    product += deviation * (outcome[i] - prior);
    squares += deviation * deviation;
  }
  const slope = squares > 0 ? product / squares : 1;
  return Math.max(0, Math.min(1, (1 + slope) / 2));
}
