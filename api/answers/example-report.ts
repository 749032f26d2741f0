import type { z } from "@hono/zod-openapi";
import { exampleExplanation, exampleModels, VERSION } from "./examples.ts";
import type { reportAnswer } from "./report-answer.ts";

const FROM = "2014-03-01T00:00:00.000Z";
const TO = "2020-12-29T00:00:00.000Z";

/** A report as the reference shows it, shortened; the numbers are made up. */
export const exampleReport: z.infer<typeof reportAnswer> = {
  manifest: VERSION,
  entry_since: VERSION,
  symbol: "BTC",
  simulated: false,
  status: "fresh",
  stale_reason: null,
  verdict: {
    price:
      "Served by the gradient boosting: its error on BTC is 0.41 % smaller than that of “no change”, and with 97.5 % confidence the gain over all coins that it learned from is at least 0.12 %.",
    direction: "Chance of a rise: no skill, so the usual share of rises is served.",
  },
  scope: "pooled",
  interval: "1d",
  horizon: 1,
  tested: { from: FROM, to: TO, candles: 1_020 },
  regressor: "gradient_boosting",
  classifier: "logistic_regression",
  predicted_against_actual: {
    model: "gradient_boosting",
    bins: [{ n: 102, predicted: -0.0021, actual: -0.0034, lower: -0.0101, upper: 0.0033 }],
  },
  cumulative_skill: {
    dates: [FROM, TO],
    models: [{ model: "gradient_boosting", baseline: "no_change", skill: [null, 0.0041] }],
  },
  calibration: [{ model: "logistic_regression", bins: [{ n: 102, predicted: 0.47, actual: 0.49, lower: 0.4, upper: 0.59 }] }],
  coverage: { model: "gradient_boosting", nominal: 0.9, folds: [{ fold: 1, from: FROM, to: TO, n: 204, covered: 186 }] },
  importance: {
    model: "gradient_boosting",
    loss: "rmse",
    from: FROM,
    to: TO,
    rows: 204,
    repeats: 5,
    features: [{ name: "rsi_14", increase: 0.0031, deviation: 0.0004 }],
  },
  explanation: exampleExplanation,
  models: exampleModels.symbols[0].models,
};
