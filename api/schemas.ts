import { z } from "@hono/zod-openapi";
import { BASELINES, LOSSES, MODELS } from "../core/vocabulary/model-names.ts";

export const number = z.number().nullable();
export const time = z.iso.datetime().openapi({ example: "2020-12-31T00:00:00.000Z" });
export const version = z.string().openapi({ example: "20201231T120000Z-1a2b3c4d" });
export const modelName = z.enum(MODELS);
export const scope = z.enum(["pooled", "coin"]);
const task = z.enum(["regression", "classification"]);
const role = z
  .enum(["champion", "challenger", "no_skill"])
  .openapi({ description: "champion: served; challenger: has skill, another has more; no_skill: does not beat its baseline for certain" });

const skill = z
  .object({
    baseline: z.enum(BASELINES),
    loss: z.enum(LOSSES),
    value: number.openapi({ description: "1 − loss / baseline's loss; positive is better than the baseline" }),
    lower: number.openapi({ description: "lower end of the two-sided 95 % confidence interval; null: too few dates" }),
    upper: number.openapi({ description: "upper end of the two-sided 95 % confidence interval" }),
  })
  .openapi("Skill");

const object = z.object({ key: z.string(), sha256: z.string(), bytes: z.int(), rows: z.int().nullable() }).openapi("ObjectRef");

const label = z.enum(["champion", "no skill", "withheld"]).openapi({
  description:
    "champion: a model that beats the baseline; no skill: none does for certain, so the baseline is served; withheld: no answer can be given, its numbers are null, `reasons` says why",
});

/** Why an answer is withheld. */
export const reason = z.enum(["stale_candles", "novel_input", "missing_features", "too_little_history"]).openapi("Reason", {
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
    code: z.enum(["target_already_closed", "stale_entry", "simulated", ...reason.options]),
    detail: z.string(),
  })
  .openapi("Warning");

const candle = z.object({ open_time: time, close_time: time, close: number });

const modelHead = { name: modelName, scope, task, role, reason: z.string().openapi({ description: "why it has this role" }) };

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

export const explanation = z
  .object({
    model: modelName.nullable(),
    sentence: z.string().openapi({ description: "the reasons, or why there are none" }),
    withheld: z
      .enum(["no_champion", "too_few_rows", "steady_prediction", "low_fidelity"])
      .nullable()
      .openapi({ description: "why no reasons are given; null where they are" }),
    fidelity: number.openapi({ description: "R² of the tree behind the sentence against the model, on newer rows than it was fitted to" }),
    rows: z.int().openapi({ description: "rows that the tree was fitted to" }),
    held_out: z.int().openapi({ description: "newer rows that its fidelity was measured on" }),
  })
  .openapi("Explanation");

export const prediction = z
  .object({
    symbol: z.string().openapi({ example: "BTC" }),
    simulated: z.boolean(),
    source: z.string(),
    status: z.enum(["fresh", "stale"]),
    stale_reason: z.string().nullable(),
    interval: z.enum(["1d", "1h", "1m"]),
    horizon: z.int(),
    as_of_candle: candle.openapi({ description: "the newest candle that the prediction knows" }),
    target_candle: z.object({ open_time: time, close_time: time }),
    prediction: z.object({
      served_by: z.string().nullable().openapi({ description: "the champion, or the baseline no_change", example: "ensemble" }),
      scope: scope.nullable(),
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
      scope: scope.nullable(),
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

const interval = z
  .object({ coverage: z.number(), q: number, n: z.int(), reason: z.string().nullable() })
  .nullable()
  .openapi({ description: "|error| ≤ q × volatility × √horizon with this coverage, from n errors; reason: why q is unknown" });

export const judgedModel = z.object({
  ...modelHead,
  n: z.int().openapi({ description: "out-of-sample predictions behind the metrics" }),
  metrics: z.record(z.string(), number),
  skill: skill.openapi({ description: "on this symbol, against the better of its baselines" }),
  group_skill: skill.openapi({ description: "over all symbols that it was trained on, in units of volatility" }),
  gate_lower: number.openapi({
    description: "lower bound of group_skill that holds for all models of the group at once with 97.5 %; a champion's is above zero",
  }),
  skills: z.array(skill).openapi({ description: "on this symbol, against every baseline" }),
  group_skills: z.array(skill),
  interval,
  file: object.nullable(),
});

export const modelList = z
  .object({
    manifest: version,
    as_of: time,
    symbols: z.array(
      z.object({
        symbol: z.string(),
        simulated: z.boolean(),
        status: z.enum(["fresh", "stale"]),
        stale_reason: z.string().nullable(),
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
