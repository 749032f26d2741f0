import { z } from "zod";
import type { ConformalInterval, ModelEntry } from "../manifests/manifest.ts";
import type { DeepReadonly } from "../vocabulary/deep-readonly.ts";
import { BASELINES, MODELS } from "../vocabulary/model-names.ts";
import { nullableNumberSchema, scopeSchema } from "../vocabulary/schemas.ts";
import { championOf } from "./champion.ts";
import { forecastScale, priceInterval, priceIntervalSchema } from "./forecast.ts";
import type { ModelForecast } from "./forecast-models.ts";
import type { NewestRow } from "./newest-row.ts";
import { reasonsAgainstBaseline, reasonsAgainstChampion, type WithholdingReason, withholdingReasonSchema } from "./withholding.ts";

export const labelSchema = z
  .enum(["champion", "no_skill", "withheld"])
  .describe(
    "champion: from a model that beats the baseline; no_skill: no model does for certain, so the baseline is served; withheld: no answer can be given, its numbers are null, and `reasons` tells why",
  );
export type Label = z.infer<typeof labelSchema>;

const answerHead = {
  servedBy: z.enum([...MODELS, ...BASELINES]).nullable(),
  scope: scopeSchema.nullable(),
  label: labelSchema,
  reasons: z.array(withholdingReasonSchema).describe("why it is withheld; empty where it is not"),
};

export const servedPriceSchema = z.strictObject({
  ...answerHead,
  servedBy: answerHead.servedBy.describe("the champion, or the baseline no_change"),
  price: nullableNumberSchema,
  logReturn: nullableNumberSchema,
  interval: priceIntervalSchema.nullable().describe(`${priceIntervalSchema.description}; null where unknown`),
});
export type ServedPrice = DeepReadonly<z.infer<typeof servedPriceSchema>>;

export const servedDirectionSchema = z.strictObject({
  ...answerHead,
  servedBy: answerHead.servedBy.describe("the champion, or the baseline class_prior"),
  probabilityUp: nullableNumberSchema,
});
export type ServedDirection = DeepReadonly<z.infer<typeof servedDirectionSchema>>;

export interface ServingInput {
  readonly entries: readonly ModelEntry[];
  readonly forecasts: readonly ModelForecast[];
  readonly row: NewestRow;
  /** candles ahead */
  readonly horizon: number;
  /** reasons against an answer that were found */
  readonly reasons: readonly WithholdingReason[];
}

const WITHHELD = { servedBy: null, scope: null, label: "withheld" } as const;
const NOTHING_AGAINST: readonly WithholdingReason[] = [];

/** The price that is served: the champion's; without one the last close, with the interval of its past errors. */
export function servePrice({ entries, forecasts, row, horizon, reasons: found }: ServingInput): ServedPrice {
  const champion = championOf(forecasts, "regression");
  const reasons = champion ? reasonsAgainstChampion(champion.price, found) : reasonsAgainstBaseline(found);
  if (reasons.length > 0) return { ...WITHHELD, reasons, price: null, logReturn: null, interval: null };
  if (champion) {
    const { name: servedBy, scope, price, logReturn, interval } = champion;
    return { servedBy, scope, label: "champion", reasons: NOTHING_AGAINST, price, logReturn, interval };
  }
  const { close, volatility } = row;
  const interval = priceInterval(baselineInterval(entries), 0, { close, scale: forecastScale(volatility, horizon) });
  return { servedBy: "no_change", scope: null, label: "no_skill", reasons: NOTHING_AGAINST, price: close, logReturn: 0, interval };
}

/** The probability of up that is served: the champion's; without one the class prior. Past errors of prices don't matter to it. */
export function serveDirection({ entries, forecasts, reasons: found }: ServingInput): ServedDirection {
  const champion = championOf(forecasts, "classification");
  const ofDirection = found.filter((reason) => reason !== "too_little_history");
  const reasons = champion ? reasonsAgainstChampion(champion.probabilityUp, ofDirection) : reasonsAgainstBaseline(ofDirection);
  if (reasons.length > 0) return { ...WITHHELD, reasons, probabilityUp: null };
  if (champion) {
    const { name: servedBy, scope, probabilityUp } = champion;
    return { servedBy, scope, label: "champion", reasons: NOTHING_AGAINST, probabilityUp };
  }
  const prior = entries.find(({ baselines }) => baselines.class_prior !== undefined)?.baselines.class_prior ?? null;
  return { servedBy: "class_prior", scope: null, label: "no_skill", reasons: NOTHING_AGAINST, probabilityUp: prior };
}

/** The interval behind the price that is served: the champion's, or that of no change. */
export function servedInterval(entries: readonly ModelEntry[]): ConformalInterval | null {
  const champion = championOf(entries, "regression");
  return champion ? champion.interval : baselineInterval(entries);
}

function baselineInterval(entries: readonly ModelEntry[]): ConformalInterval | null {
  return entries.find((entry) => entry.baselineInterval)?.baselineInterval ?? null;
}
