import { z } from "@hono/zod-openapi";
import { conformalIntervalSchema, modelEntrySchema, skillSchema, symbolEntrySchema } from "../core/manifests/manifest.ts";
import { explanationSchema } from "../core/reports/report.ts";
import { LABELS } from "../core/serving/served-answers.ts";
import { WARNING_CODES } from "../core/serving/warnings.ts";
import { WITHHOLDING_REASONS } from "../core/serving/withholding.ts";
import { objectRefSchema } from "../core/vocabulary/object-ref.ts";
import { intervalSchema, scopeSchema } from "../core/vocabulary/schemas.ts";
import { answerSchema } from "./answer-schema.ts";

const number = z.number().nullable();
export const time = z.iso.datetime().openapi({ example: "2020-12-31T00:00:00.000Z" });
export const version = z.string().openapi({ example: "20201231T120000Z-1a2b3c4d" });

const skill = answerSchema(skillSchema).openapi("Skill");
const object = answerSchema(objectRefSchema).openapi("ObjectRef");

const label = z.enum(LABELS).openapi({
  description:
    "champion: a model that beats the baseline; no_skill: none does for certain, so the baseline is served; withheld: no answer can be given, its numbers are null, and `reasons` tells why",
});

/** Why an answer is withheld. */
export const reason = z.enum(WITHHOLDING_REASONS).openapi("Reason", {
  description:
    "stale_candles: the newest candle is older than it should be by now; novel_input: that candle lies outside what the model saw; missing_features: too little is known of that candle; too_little_history: too few past errors to say how far the prediction may be off. The warning of the same code says more",
});

const reasons = z.array(reason).openapi({ description: "why it is withheld; empty where it is not" });

const priceInterval = z
  .object({ coverage: z.number(), lower: z.number(), upper: z.number() })
  .nullable()
  .openapi({ description: "prices between which the target's close lies with the given probability; null where unknown" });

export const warning = z
  .object({
    code: z.enum(WARNING_CODES),
    detail: z.string(),
  })
  .openapi("Warning");

const candle = z.object({ open_time: time, close_time: time, close: number });

const entry = modelEntrySchema.shape;
const modelHead = { name: entry.name, scope: entry.scope, task: entry.task, role: entry.role, reason: entry.reason };

export const modelPrediction = z
  .object({
    ...modelHead,
    log_return: number.openapi({ description: "predicted forward log return; null for classifiers" }),
    price: number.openapi({ description: "predicted close of the target candle; null for classifiers" }),
    interval: priceInterval,
    probability_up: number.openapi({ description: "null for regressors" }),
    file: object.nullable(),
  })
  .openapi("ModelPrediction");

const { heldOut, ...explained } = explanationSchema.shape;
export const explanation = z.object({ ...explained, held_out: heldOut }).openapi("Explanation");

/** What a list, a prediction and a report repeat of a symbol's entry. */
export const entryHead = {
  symbol: z.string().openapi({ example: "BTC" }),
  simulated: z.boolean(),
  status: symbolEntrySchema.shape.status,
  stale_reason: symbolEntrySchema.shape.staleReason,
};

export const prediction = z
  .object({
    ...entryHead,
    source: z.string(),
    interval: intervalSchema,
    horizon: z.int(),
    as_of_candle: candle.openapi({ description: "the newest candle that the prediction knows" }),
    target_candle: z.object({ open_time: time, close_time: time }),
    prediction: z.object({
      served_by: z.string().nullable().openapi({ description: "the champion, or the baseline no_change", example: "ensemble" }),
      scope: scopeSchema.nullable(),
      label,
      reasons,
      price: number,
      log_return: number,
      interval: priceInterval,
    }),
    direction: z.object({
      served_by: z
        .string()
        .nullable()
        .openapi({ description: "the champion, or the baseline class_prior", example: "random_forest_classifier" }),
      scope: scopeSchema.nullable(),
      label,
      reasons,
      probability_up: number,
    }),
    explanation: explanation.nullable().openapi({
      description: "the champion's reasons in words; null where no model is served, its answer is withheld, or no report was written",
    }),
    warnings: z.array(warning),
    models: z.array(modelPrediction),
    lineage: z.object({
      manifest: version,
      entry_since: version,
      workflow: z.object({
        id: z.string(),
        run_id: z.string(),
        url: z.string().nullable().openapi({ description: "the run's page in the Temporal Web UI; null where its address isn't known" }),
      }),
      code_version: z.string(),
      features: object,
      evaluation: object,
      training_digest: z.string(),
    }),
  })
  .openapi("Prediction");

export const judgedModel = z.object({
  ...modelHead,
  n: entry.n,
  metrics: entry.metrics,
  skill: skill.openapi({ description: entry.skill.description }),
  group_skill: skill.openapi({ description: entry.groupSkill.description }),
  gate_lower: answerSchema(entry.gateLower),
  skills: z.array(skill).openapi({ description: entry.skills.description }),
  group_skills: z.array(skill).openapi({ description: entry.groupSkills.description }),
  interval: answerSchema(conformalIntervalSchema.nullable()),
  file: object.nullable(),
});

export const modelList = z
  .object({
    manifest: version,
    as_of: time,
    symbols: z.array(
      z.object({
        ...entryHead,
        models: z.array(judgedModel),
      }),
    ),
  })
  .openapi("ModelList");

export const health = z
  .object({
    status: z
      .enum(["ok", "degraded", "empty"])
      .openapi({ description: "degraded: an older manifest is served; empty: nothing was published yet" }),
    manifest: z.object({ version, created_at: time, as_of: time, age_seconds: z.number() }).nullable(),
    problem: z.string().nullable(),
  })
  .openapi("Health");

export const alive = z.object({ status: z.literal("alive") }).openapi("Alive");
export const ready = z.object({ status: z.literal("ready"), manifest: version }).openapi("Ready");
export const reloaded = z.object({ changed: z.boolean(), version: version.nullable() }).openapi("Reloaded");
