import { z } from "zod";
import type { DeepReadonly } from "../vocabulary/deep-readonly.ts";
import { objectRefSchema } from "../vocabulary/object-ref.ts";
import {
  baselineSchema,
  countSchema,
  digestSchema,
  horizonSchema,
  intervalSchema,
  lossSchema,
  modelNameSchema,
  nullableNumberSchema,
  roleSchema,
  scopeSchema,
  symbolSchema,
  taskSchema,
  textSchema,
  timeSchema,
} from "../vocabulary/schemas.ts";
import { suspectJumpSchema } from "../vocabulary/suspect-jump.ts";
import { VERSION_PATTERN } from "./manifest-version.ts";
import { stalenessSchema } from "./staleness.ts";

// The schemas of a manifest and its parts; the types are inferred from them. A field that was added later has a default or is
// optional, so that manifests that were published before it still load, with its value unknown rather than 0.

export const versionSchema = z.string().regex(VERSION_PATTERN, "not a manifest's version, like 20201231T120000Z-1a2b3c4d");

export const skillSchema = z.strictObject({
  baseline: baselineSchema,
  loss: lossSchema,
  value: nullableNumberSchema.describe("1 − loss / baseline's loss; positive is better than the baseline; null: undefined for these data"),
  lower: nullableNumberSchema.describe(
    "lower end of the two-sided 95 % confidence interval, from a stationary block bootstrap over dates; null: too few dates",
  ),
  upper: nullableNumberSchema.default(null).describe("upper end of the two-sided 95 % confidence interval"),
});
export type Skill = DeepReadonly<z.infer<typeof skillSchema>>;

export const conformalIntervalSchema = z
  .strictObject({
    coverage: z.number().gt(0).lt(1),
    q: z.number().min(0).nullable().describe("null: there are too few errors, as `reason` says"),
    n: countSchema.describe("out-of-sample errors of the symbol that q was learned from"),
    reason: textSchema.nullable().default(null).describe("why q is unknown; null where it is known"),
  })
  .describe("|error| ≤ q × volatility × √horizon with this coverage");
export type ConformalInterval = DeepReadonly<z.infer<typeof conformalIntervalSchema>>;

export const metricsSchema = z
  .record(z.string().max(60), nullableNumberSchema)
  .describe("out-of-sample metrics by name (rmse, mae, r2, directional_accuracy, log_loss, brier, auc, …); null: undefined");
export type Metrics = DeepReadonly<z.infer<typeof metricsSchema>>;

export const modelEntrySchema = z.strictObject({
  name: modelNameSchema,
  scope: scopeSchema,
  task: taskSchema,
  file: objectRefSchema.nullable().describe("the model file; null for the ensemble, whose members are the regressors of the same scope"),
  n: countSchema.describe("out-of-sample predictions of this symbol behind the metrics"),
  metrics: metricsSchema,
  skill: skillSchema.describe("on this symbol, against the better of its baselines; RMSE for regressors, Brier for classifiers"),
  groupSkill: skillSchema.describe(
    "over all symbols that the model was trained on, in units of volatility; equals `skill` where it is one",
  ),
  gateLower: nullableNumberSchema
    .default(null)
    .describe("lower bound of the group's skill that holds for all models of the group at once with 97.5 %; a champion's is above zero"),
  skills: z.array(skillSchema).max(20).default([]).describe("on this symbol, against every baseline"),
  groupSkills: z.array(skillSchema).max(20).default([]).describe("over all symbols that the model was trained on, against every baseline"),
  baselines: z
    .partialRecord(baselineSchema, z.number())
    .default({})
    .describe("the baselines' predictions: no_change and drift in units of volatility × √horizon, class_prior a probability of up"),
  role: roleSchema,
  reason: textSchema.describe("why it has this role, as a sentence"),
  interval: conformalIntervalSchema.nullable().describe("of the model's predictions; null for classifiers"),
  baselineInterval: conformalIntervalSchema.nullable().default(null).describe("of the baseline no_change; null for classifiers"),
});
export type ModelEntry = DeepReadonly<z.infer<typeof modelEntrySchema>>;

export const symbolEntrySchema = z.strictObject({
  symbol: symbolSchema,
  source: z.string().max(60),
  simulated: z.boolean(),
  status: z.enum(["fresh", "stale"]),
  staleReason: textSchema.nullable().describe("why it is stale, as a sentence; null where it is fresh"),
  stale: stalenessSchema.optional(),
  since: versionSchema.describe("the manifest version in which this entry was made"),
  candles: z.strictObject({
    objects: z.array(objectRefSchema),
    rows: countSchema,
    firstOpenTime: timeSchema,
    lastOpenTime: timeSchema,
    missing: countSchema,
    suspectJumps: z
      .array(suspectJumpSchema)
      .optional()
      .describe("where prices jump as no market does, so that features are made of what is behind; not there: nobody looked"),
  }),
  features: objectRefSchema,
  trainingDigest: digestSchema.describe("digest of everything that decides the training's outcome"),
  evaluation: objectRefSchema.describe("every out-of-sample prediction"),
  report: objectRefSchema.nullable().default(null).describe("what a person judges the models by; null where none was written"),
  models: z.array(modelEntrySchema).max(12),
});
export type SymbolEntry = DeepReadonly<z.infer<typeof symbolEntrySchema>>;

export const runtimeSchema = z.strictObject({
  node: textSchema.describe("Node's version, as 24.21.0"),
  platform: textSchema.describe("as linux-x64"),
});
export type Runtime = DeepReadonly<z.infer<typeof runtimeSchema>>;

export const manifestSchema = z
  .strictObject({
    schema: z.literal("candlecast.manifest/1"),
    version: versionSchema,
    previous: versionSchema.nullable(),
    createdAt: timeSchema,
    asOf: timeSchema.describe("the run's clock: only candles closed by then were used"),
    workflow: z.strictObject({ id: textSchema, runId: textSchema }),
    codeVersion: textSchema,
    runtime: runtimeSchema.optional().describe("where it was made: the bytes of models depend on Node's version"),
    interval: intervalSchema,
    horizon: horizonSchema.describe("candles ahead"),
    featureSet: z.strictObject({ name: textSchema, digest: textSchema }),
    symbols: z.record(symbolSchema, symbolEntrySchema),
    forecasts: objectRefSchema
      .optional()
      .describe("what this manifest forecast when it was published, row by row; not there: none of its forecasts was kept"),
    rollback: z
      .strictObject({ to: versionSchema, from: versionSchema, reason: textSchema })
      .optional()
      .describe("set where someone went back to the content of an earlier manifest, whose run and clock it has"),
  })
  .refine(
    ({ symbols }) => Object.entries(symbols).every(([name, entry]) => entry.symbol === name),
    "an entry is filed under another symbol",
  );
/** Published and never changed; `manifests/latest.json` names the newest. */
export type Manifest = DeepReadonly<z.infer<typeof manifestSchema>>;
