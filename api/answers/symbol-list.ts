import { z } from "@hono/zod-openapi";
import { championOf } from "../../core/serving/champion.ts";
import { symbolForecastSchema } from "../../core/serving/forecast-symbol.ts";
import { horizonSchema, intervalSchema } from "../../core/vocabulary/schemas.ts";
import { RECENT_CLOSES } from "../served/served.ts";
import { answerShape } from "./answer-schema.ts";
import type { Edition } from "./edition.ts";
import type { Prediction } from "./predict-symbol.ts";
import { components, entryHead, serviceState, version } from "./schemas.ts";

const { as_of_candle, target_candle, prediction, direction } = answerShape(symbolForecastSchema, components);

export const symbolList = z
  .object({
    service: serviceState,
    manifest: version,
    symbols: z.array(
      z.object({
        ...entryHead,
        interval: intervalSchema,
        horizon: horizonSchema,
        quote: z.string().nullable().openapi({ description: "the currency of prices; null: unknown" }),
        as_of_candle,
        target_candle,
        prediction,
        direction,
        volatility: z.number().nullable(),
        skill: z.number().nullable().openapi({ description: "of the price's champion on this coin; null where the baseline is served" }),
        closes: z.array(z.number().nullable()).openapi({ description: `the newest ${RECENT_CLOSES} closes, oldest first; null: unknown` }),
      }),
    ),
    unreadable: z.array(z.string()).openapi({ description: "coins whose files can't be read" }),
  })
  .openapi("SymbolList");

/** Every coin with its headline; null where nothing is served. */
export function describeSymbols({ served, status, predictions }: Edition): z.infer<typeof symbolList> | null {
  if (!served || served.symbols.size === 0) return null;
  return {
    service: status.state,
    manifest: served.manifest.version,
    symbols: [...served.symbols.values()].flatMap(({ entry, row }) => {
      const answer = predictions.get(entry.symbol);
      if (!answer) return [];
      return {
        ...headlineOf(answer),
        skill: championOf(entry.models, "regression")?.skill.value ?? null,
        closes: [...row.recentCloses].map((close) => (Number.isFinite(close) ? close : null)),
      };
    }),
    unreadable: [...served.unreadable.keys()],
  };
}

/** What the list repeats of a coin's prediction. */
export function headlineOf(prediction: Prediction) {
  const { symbol, simulated, status, stale_reason, interval, horizon, quote, as_of_candle, target_candle, direction, volatility } =
    prediction;
  const head = { symbol, simulated, status, stale_reason, interval, horizon, quote, as_of_candle, target_candle };
  return { ...head, prediction: prediction.prediction, direction, volatility };
}
