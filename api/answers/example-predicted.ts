import type { z } from "@hono/zod-openapi";
import { examplePrediction, VERSION } from "./examples.ts";
import type { candlesBody, predictedAnswer } from "./predict-candles.ts";

const { symbol, interval, horizon, as_of_candle, target_candle, prediction, direction, warnings, models, volatility } = examplePrediction;

export const exampleCandles: z.infer<typeof candlesBody> = {
  candles: [
    { open_time: "2020-12-29T00:00:00.000Z", open: 27_000, high: 27_500, low: 26_600, close: 27_350, volume: 53_000 },
    { open_time: "2020-12-30T00:00:00.000Z", open: 27_350, high: 28_300, low: 27_200, close: 28_000, volume: 61_000 },
  ],
};

export const examplePredicted: z.infer<typeof predictedAnswer> = {
  symbol,
  manifest: VERSION,
  interval,
  horizon,
  candles: 2,
  as_of_candle,
  target_candle,
  prediction,
  direction,
  warnings,
  models,
  volatility,
};
