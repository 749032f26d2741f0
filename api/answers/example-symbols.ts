import type { z } from "@hono/zod-openapi";
import { examplePrediction, VERSION } from "./examples.ts";
import type { symbolList } from "./symbol-list.ts";

const {
  symbol,
  simulated,
  status,
  stale_reason,
  interval,
  horizon,
  quote,
  as_of_candle,
  target_candle,
  prediction,
  direction,
  volatility,
} = examplePrediction;

export const exampleSymbols: z.infer<typeof symbolList> = {
  service: "fresh",
  manifest: VERSION,
  symbols: [
    {
      symbol,
      simulated,
      status,
      stale_reason,
      interval,
      horizon,
      quote,
      as_of_candle,
      target_candle,
      prediction,
      direction,
      volatility,
      skill: 0.0041,
      closes: [27_100, null, 28_000],
    },
  ],
  unreadable: [],
};
