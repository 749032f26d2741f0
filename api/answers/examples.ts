import type { z } from "@hono/zod-openapi";
import { keyOf } from "../../storage/layout.ts";
import type { modelList, prediction } from "./schemas.ts";

/** Answers shown in the reference; the numbers are made up. */
export const VERSION = "20201231T120005Z-1a2b3c4d";

const digest = (letter: string) => letter.repeat(64);
const file = (letter: string) => ({ key: keyOf("models", { digest: digest(letter) }), sha256: digest(letter), bytes: 48_213, rows: null });
const evidence = "skill 0.70 % over its coins, lower bound 0.12 %, 0.41 % on this one";
const lacking = "does not beat the class prior for certain: skill 0.10 % over its coins, lower bound -0.05 %";

export const exampleExplanation: NonNullable<z.infer<typeof prediction>["explanation"]> = {
  model: "gradient_boosting",
  sentence:
    "Gradient boosting predicts a rise because RSI 14 is below 32.00 and 10-day volatility against its 60-day level is below 0.90×.",
  withheld: null,
  fidelity: 0.71,
  rows: 375,
  held_out: 125,
};

export const examplePrediction: z.infer<typeof prediction> = {
  symbol: "BTC",
  simulated: false,
  source: "binance",
  quote: "USDT",
  status: "fresh",
  stale_reason: null,
  service: "fresh",
  interval: "1d",
  horizon: 1,
  as_of_candle: { open_time: "2020-12-30T00:00:00.000Z", close_time: "2020-12-31T00:00:00.000Z", close: 28_000 },
  target_candle: { open_time: "2020-12-31T00:00:00.000Z", close_time: "2021-01-01T00:00:00.000Z" },
  prediction: {
    served_by: "gradient_boosting",
    scope: "pooled",
    label: "champion",
    reasons: [],
    price: 28_056.06,
    log_return: 0.002,
    interval: { coverage: 0.9, lower: 26_421.1, upper: 29_792.1 },
  },
  direction: {
    served_by: "class_prior",
    scope: null,
    label: "no_skill",
    reasons: [],
    probability_up: 0.528,
  },
  volatility: 0.0342,
  explanation: exampleExplanation,
  warnings: [],
  models: [
    {
      name: "gradient_boosting",
      scope: "pooled",
      task: "regression",
      role: "champion",
      reason: evidence,
      log_return: 0.002,
      price: 28_056.06,
      interval: { coverage: 0.9, lower: 26_421.1, upper: 29_792.1 },
      probability_up: null,
      file: file("a"),
    },
    {
      name: "logistic_regression",
      scope: "pooled",
      task: "classification",
      role: "no_skill",
      reason: lacking,
      log_return: null,
      price: null,
      interval: null,
      probability_up: 0.52,
      file: file("b"),
    },
  ],
  lineage: {
    manifest: VERSION,
    entry_since: VERSION,
    published_at: "2020-12-31T12:00:05.000Z",
    workflow: { id: "candlecast-pipeline", run_id: "0193f2a4-5b1c-7d3e-8f60-1a2b3c4d5e6f", url: null },
    code_version: "0.1.0",
    features: { key: keyOf("features", { symbol: "BTC", digest: digest("c") }), sha256: digest("c"), bytes: 1_482_114, rows: 3_421 },
    evaluation: { key: keyOf("evaluations", { digest: digest("d") }), sha256: digest("d"), bytes: 2_113_870, rows: 61_200 },
    training_digest: digest("e"),
  },
};

export const exampleModels: z.infer<typeof modelList> = {
  manifest: VERSION,
  as_of: "2020-12-31T12:00:00.000Z",
  symbols: [
    {
      symbol: "BTC",
      simulated: false,
      status: "fresh",
      stale_reason: null,
      models: [
        {
          name: "gradient_boosting",
          scope: "pooled",
          task: "regression",
          role: "champion",
          reason: evidence,
          n: 1_020,
          metrics: { rmse: 0.0371, baseline_rmse: 0.0373, mae: 0.0252, baseline_mae: 0.0253, r2: null, directional_accuracy: 0.524 },
          skill: { baseline: "no_change", loss: "rmse", value: 0.0041, lower: -0.0012, upper: 0.0094 },
          group_skill: { baseline: "no_change", loss: "rmse", value: 0.007, lower: 0.0021, upper: 0.0119 },
          gate_lower: 0.0012,
          skills: [
            { baseline: "no_change", loss: "rmse", value: 0.0041, lower: -0.0012, upper: 0.0094 },
            { baseline: "drift", loss: "rmse", value: 0.0044, lower: -0.001, upper: 0.0099 },
          ],
          group_skills: [
            { baseline: "no_change", loss: "rmse", value: 0.007, lower: 0.0021, upper: 0.0119 },
            { baseline: "drift", loss: "rmse", value: 0.0073, lower: 0.0024, upper: 0.0123 },
          ],
          interval: { coverage: 0.9, q: 1.62, n: 1_020, reason: null },
          file: file("a"),
        },
      ],
    },
  ],
};
