import type { z } from "@hono/zod-openapi";
import { examplePrediction, VERSION } from "./examples.ts";
import type { historyAnswer } from "./history-answer.ts";

const { symbol, simulated, interval, horizon, quote, prediction, target_candle, lineage } = examplePrediction;

export const exampleHistory: z.infer<typeof historyAnswer> = {
  symbol,
  simulated,
  interval,
  horizon,
  quote,
  manifest: VERSION,
  rows: [
    {
      open_time: target_candle.open_time,
      close_time: target_candle.close_time,
      open: null,
      high: null,
      low: null,
      close: null,
      volume: null,
      origin: "live",
      task: "regression",
      model: "gradient_boosting",
      scope: "pooled",
      served: true,
      withheld_reasons: null,
      log_return: prediction.log_return,
      price: prediction.price,
      lower: 26_421.1,
      upper: 29_792.1,
      probability_up: null,
      baseline_log_return: 0,
      baseline_probability_up: null,
      actual_log_return: null,
      error: null,
      within_interval: null,
      brier: null,
      scoring: null,
      manifest: VERSION,
      published_at: lineage.published_at,
    },
  ],
  next: "2020-06-14T00:00:00.000Z",
};
