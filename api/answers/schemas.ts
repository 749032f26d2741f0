import { type OpenAPIHono, z } from "@hono/zod-openapi";
import { modelEntrySchema, skillSchema, symbolEntrySchema } from "../../core/manifests/manifest.ts";
import { explanationSchema } from "../../core/reports/report.ts";
import { modelForecastSchema } from "../../core/serving/forecast-models.ts";
import { symbolForecastSchema } from "../../core/serving/forecast-symbol.ts";
import { warningSchema } from "../../core/serving/warnings.ts";
import { withholdingReasonSchema } from "../../core/serving/withholding.ts";
import { objectRefSchema } from "../../core/vocabulary/object-ref.ts";
import { horizonSchema, intervalSchema } from "../../core/vocabulary/schemas.ts";
import { FAULT_KINDS, type FaultKind } from "../served/faults.ts";
import { SERVICE_STATES, type ServiceState } from "../served/service-state.ts";
import { answerSchema, answerShape, componentKey } from "./answer-schema.ts";

export const time = z.iso.datetime().openapi({ example: "2020-12-31T00:00:00.000Z" });
export const version = z.string().openapi({ example: "20201231T120000Z-1a2b3c4d" });

/** Parts that the reference names. A part may contain those before it. */
const NAMED_PARTS = {
  ObjectRef: objectRefSchema,
  Skill: skillSchema,
  Explanation: explanationSchema,
  Reason: withholdingReasonSchema,
  Warning: warningSchema,
  ModelPrediction: modelForecastSchema,
} as const;

export const components = new Map<object, z.ZodType>();
for (const [name, schema] of Object.entries(NAMED_PARTS))
  components.set(componentKey(schema), answerSchema(schema, components).openapi(name));

/** Defines the token, and the named parts by themselves, so that no use of one (nullable, or described for its place) becomes its definition. */
export function registerParts({ openAPIRegistry }: OpenAPIHono): void {
  openAPIRegistry.registerComponent("securitySchemes", "token", {
    type: "http",
    scheme: "bearer",
    description: "the service's token (`API_TOKEN`), for what changes something",
  });
  for (const [name, schema] of Object.entries(NAMED_PARTS)) openAPIRegistry.register(name, answerSchema(schema, components));
}

const object = answerSchema(objectRefSchema, components);

/** What a list, a prediction and a report repeat of a symbol's entry. */
export const entryHeadSchema = symbolEntrySchema.pick({ symbol: true, simulated: true, status: true, staleReason: true });
export const entryHead = answerShape(entryHeadSchema, components);

/** What is answered of a judged model: all that the manifest has, except what only baselines predict. */
export const judgedModelSchema = modelEntrySchema.omit({ baselines: true, baselineInterval: true });
export const judgedModel = answerSchema(judgedModelSchema, components);

export const serviceState = z
  .enum(Object.keys(SERVICE_STATES) as [ServiceState, ...ServiceState[]])
  .openapi({
    description: Object.entries(SERVICE_STATES)
      .map(([state, words]) => `${state}: ${words}`)
      .join("; "),
  })
  .openapi("ServiceState");

export const prediction = z
  .object({
    ...entryHead,
    service: serviceState,
    source: z.string(),
    quote: z.string().nullable().openapi({ description: "the currency of prices; null: unknown, or none as for a simulated coin" }),
    interval: intervalSchema,
    horizon: horizonSchema,
    ...answerShape(symbolForecastSchema, components),
    volatility: z
      .number()
      .nullable()
      .openapi({ description: "standard deviation of the one-candle log return, by the newest candles; null: unknown" }),
    explanation: answerSchema(explanationSchema.nullable(), components).openapi({
      description: "the champion's reasons in words; null where no model is served, its answer is withheld, or no report was written",
    }),
    lineage: z.object({
      manifest: version,
      entry_since: version,
      published_at: time,
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

export const modelList = z
  .object({
    manifest: version,
    as_of: time,
    symbols: z.array(z.object({ ...entryHead, models: z.array(judgedModel) })),
  })
  .openapi("ModelList");

export const health = z
  .object({
    status: serviceState,
    detail: z.string().openapi({ description: "the status as a sentence" }),
    manifest: z
      .object({
        version,
        created_at: time,
        as_of: time,
        age_seconds: z.number().openapi({ description: "since it was published; never negative" }),
      })
      .nullable()
      .openapi({ description: "the newest that is served; null where there is none" }),
    coins: z.object({
      served: z.int().openapi({ description: "with a prediction" }),
      withheld: z.int().openapi({ description: "whose prediction is withheld" }),
      older: z.int().openapi({ description: "served from an older manifest, because newer files of the coin can't be read" }),
      unreadable: z.int().openapi({ description: "not served at all, because their files can't be read" }),
    }),
    faults: z.array(
      z.object({
        kind: z.enum(FAULT_KINDS as [FaultKind, ...FaultKind[]]),
        symbol: z.string().nullable().openapi({ description: "null where it isn't about one coin" }),
        detail: z.string(),
      }),
    ),
  })
  .openapi("Health");

export const alive = z.object({ status: z.literal("alive") }).openapi("Alive");
export const ready = z.object({ status: z.literal("ready"), service: serviceState, manifest: version }).openapi("Ready");
export const reloaded = z.object({ changed: z.boolean(), version: version.nullable() }).openapi("Reloaded");
