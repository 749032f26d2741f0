import { z } from "zod";
import type { DeepReadonly } from "../vocabulary/deep-readonly.ts";
import {
  countSchema,
  horizonSchema,
  intervalSchema,
  modelNameSchema,
  nullableNumberSchema,
  scopeSchema,
  symbolSchema,
  textSchema,
  timeSchema,
} from "../vocabulary/schemas.ts";

// The schemas of a report and its parts; the types are inferred from them.

const MAX_ITEMS = 1_000;

export const curveBinSchema = z.strictObject({
  n: countSchema.describe("predictions in this group"),
  predicted: z.number().describe("mean prediction"),
  actual: z.number().describe("mean of what came true"),
  lower: nullableNumberSchema.describe("lower end of the 95 % confidence interval of `actual`; null where undefined"),
  upper: nullableNumberSchema,
});
export type CurveBin = DeepReadonly<z.infer<typeof curveBinSchema>>;

export const curveSchema = z.strictObject({ model: modelNameSchema, bins: z.array(curveBinSchema).max(MAX_ITEMS) });
export type Curve = DeepReadonly<z.infer<typeof curveSchema>>;

export const cumulativeSkillSchema = z
  .strictObject({
    dates: z.array(timeSchema).max(MAX_ITEMS).describe("open times of the last candle that was seen"),
    models: z
      .array(
        z.strictObject({
          model: modelNameSchema,
          baseline: z.enum(["no_change", "class_prior"]),
          skill: z.array(nullableNumberSchema).max(MAX_ITEMS).describe("one per date"),
        }),
      )
      .max(12),
  })
  .describe("skill of all predictions up to each date, so that the last value is the model's skill");
export type CumulativeSkill = DeepReadonly<z.infer<typeof cumulativeSkillSchema>>;

export const intervalCoverageSchema = z
  .strictObject({
    model: modelNameSchema,
    nominal: z.number().gt(0).lt(1),
    folds: z
      .array(
        z.strictObject({
          fold: countSchema,
          from: timeSchema,
          to: timeSchema,
          n: countSchema.describe("predictions with an interval; 0 in the first fold, which has no earlier errors to make one from"),
          covered: countSchema,
        }),
      )
      .max(100),
  })
  .describe("how often the regressor's intervals, as they would have been given at the time, held what came true");
export type IntervalCoverage = DeepReadonly<z.infer<typeof intervalCoverageSchema>>;

export const importanceSchema = z
  .strictObject({
    model: modelNameSchema,
    loss: z.enum(["rmse", "brier"]),
    from: timeSchema,
    to: timeSchema,
    rows: countSchema,
    repeats: countSchema,
    features: z
      .array(
        z.strictObject({
          name: textSchema,
          increase: z.number().describe("relative: 0.01 is one percent more"),
          deviation: z.number().describe("standard deviation of the increase over the repeats"),
        }),
      )
      .max(MAX_ITEMS)
      .describe("largest increase first"),
  })
  .describe("how much larger the loss gets on the last fold when one feature's values are shuffled");
export type Importance = DeepReadonly<z.infer<typeof importanceSchema>>;

export const reasonWithheldSchema = z.enum(["no_champion", "too_few_rows", "steady_prediction", "low_fidelity"]);
/** no_champion: nothing is served that had reasons; low_fidelity: a few conditions imitate the model too poorly. */
export type ReasonWithheld = z.infer<typeof reasonWithheldSchema>;

export const explanationSchema = z.strictObject({
  model: modelNameSchema.nullable().describe("null where no model is champion"),
  sentence: textSchema.describe("the reasons, or why there are none"),
  withheld: reasonWithheldSchema.nullable().describe("why no reasons are given; null where they are"),
  fidelity: nullableNumberSchema.describe(
    "R² of the tree behind the sentence against the model, on newer rows than it was fitted to; null where undefined",
  ),
  rows: countSchema.describe("rows that the tree was fitted to"),
  heldOut: countSchema.describe("newer rows that its fidelity was measured on"),
});
/** The champion's reasons for its newest prediction, in words, from a shallow tree that imitates it. */
export type Explanation = DeepReadonly<z.infer<typeof explanationSchema>>;

export const symbolReportSchema = z.strictObject({
  schema: z.literal("candlecast.report/1"),
  symbol: symbolSchema,
  simulated: z.boolean(),
  scope: scopeSchema,
  interval: intervalSchema,
  horizon: horizonSchema.describe("candles ahead"),
  tested: z
    .strictObject({ from: timeSchema, to: timeSchema, candles: countSchema })
    .describe("candles that the models were judged on: open times of the first and the last, and how many"),
  regressor: modelNameSchema.describe("the champion, or else the regressor with the most skill; the pictures show it"),
  classifier: modelNameSchema.describe("the champion, or else the classifier with the most skill"),
  predictedAgainstActual: curveSchema.describe(
    "the regressor's predictions in ten groups of equal size, against what came true; log returns",
  ),
  cumulativeSkill: cumulativeSkillSchema,
  calibration: z
    .array(curveSchema)
    .max(12)
    .describe("per classifier: stated chance of a rise in ten groups of equal size, against the share of rises"),
  coverage: intervalCoverageSchema,
  importance: importanceSchema.nullable(),
  explanation: explanationSchema,
});
/**
 * What a person judges a symbol's models by, beside the metrics in the manifest: data only; the pictures are drawn from it.
 * Everything comes from out-of-sample predictions. Null is unknown.
 */
export type SymbolReport = DeepReadonly<z.infer<typeof symbolReportSchema>>;
