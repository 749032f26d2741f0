import type { z } from "@hono/zod-openapi";
import type { ConformalInterval, ModelEntry } from "../core/manifests/manifest.ts";
import { predictModel } from "../core/models/predict-model.ts";
import { intervalMs } from "../core/vocabulary/interval.ts";
import { explanationOf } from "./report-answer.ts";
import { type modelPrediction, type prediction, reason } from "./schemas.ts";
import type { LoadedSymbol, NewestRow, Served } from "./served.ts";
import { findWarnings } from "./warnings.ts";

type Prediction = z.infer<typeof prediction>;
type ModelPrediction = z.infer<typeof modelPrediction>;
type Reason = z.infer<typeof reason>;

/**
 * What the models say of the candle after the newest known one, and which of them is served.
 *
 * @param now ms UTC
 * @throws {SchemaMismatchError} if a model reads a feature that the row lacks
 */
export function predictSymbol(served: Served, loaded: LoadedSymbol, now: number): Prediction {
  const { manifest, models } = served;
  const { entry, row, horizon } = loaded;
  const step = intervalMs(row.interval);
  const targetOpen = row.openTime + horizon * step;
  const returns = entry.models.map((model) => (model.file ? modelValue(model, models.get(model.file.key), row, horizon) : null));
  const values = entry.models.map((model, i) => (model.name === "ensemble" ? ensemble(model, entry.models, returns) : returns[i]));
  const said = entry.models.map((model, i) => describe(model, values[i], row, horizon));
  const warnings = findWarnings(served, loaded, { now, targetClose: targetOpen + step });
  const codes = new Set<string>(warnings.map(({ code }) => code));
  const reasons = reason.options.filter((code) => codes.has(code));
  const prediction = servedPrice(loaded, said, reasons);
  const direction = servedDirection(loaded, said, reasons);
  const explanation = explanationOf(loaded);
  const explained = [prediction, direction].some(({ label, served_by }) => label === "champion" && served_by === explanation?.model);
  return {
    symbol: entry.symbol,
    simulated: entry.simulated,
    source: entry.source,
    status: entry.status,
    stale_reason: entry.staleReason,
    interval: row.interval,
    horizon,
    as_of_candle: { open_time: iso(row.openTime), close_time: iso(row.openTime + step), close: row.close },
    target_candle: { open_time: iso(targetOpen), close_time: iso(targetOpen + step) },
    prediction,
    direction,
    explanation: explained ? explanation : null,
    warnings,
    models: said,
    lineage: {
      manifest: manifest.version,
      entry_since: entry.since,
      workflow: { id: manifest.workflow.id, run_id: manifest.workflow.runId, url: null },
      code_version: manifest.codeVersion,
      features: entry.features,
      evaluation: entry.evaluation,
      training_digest: entry.trainingDigest,
    },
  };
}

/** A forward log return, or a probability of up; null where the features leave it undefined. */
function modelValue(
  entry: ModelEntry,
  model: Parameters<typeof predictModel>[0] | undefined,
  row: NewestRow,
  horizon: number,
): number | null {
  if (!model) return null;
  const raw = predictModel(model, row, 0);
  return finite(entry.task === "classification" ? raw : raw * row.volatility * Math.sqrt(horizon));
}

/** The mean of the regressors of the same scope. */
function ensemble(entry: ModelEntry, all: readonly ModelEntry[], values: readonly (number | null)[]): number | null {
  const members = values.filter((_, i) => all[i].scope === entry.scope && all[i].task === "regression" && all[i].name !== "ensemble");
  return members.includes(null) || members.length === 0
    ? null
    : members.reduce<number>((sum, value) => sum + (value ?? 0), 0) / members.length;
}

function describe(entry: ModelEntry, value: number | null, row: NewestRow, horizon: number): ModelPrediction {
  const regressor = entry.task === "regression";
  return {
    name: entry.name,
    scope: entry.scope,
    task: entry.task,
    role: entry.role,
    reason: entry.reason,
    log_return: regressor ? value : null,
    price: regressor && value !== null ? row.close * Math.exp(value) : null,
    interval: regressor && value !== null ? priceInterval(entry.interval, value, row, horizon) : null,
    probability_up: regressor ? null : value,
    file: entry.file,
  };
}

function priceInterval(
  interval: ConformalInterval | null,
  logReturn: number,
  row: NewestRow,
  horizon: number,
): ModelPrediction["interval"] {
  const width = (interval?.q ?? Number.NaN) * row.volatility * Math.sqrt(horizon);
  if (!interval || !Number.isFinite(width)) return null;
  return { coverage: interval.coverage, lower: row.close * Math.exp(logReturn - width), upper: row.close * Math.exp(logReturn + width) };
}

/** The champion; where there is none, no change with the interval of its past errors; nothing where that can't be said. */
function servedPrice(
  { entry, row, horizon }: LoadedSymbol,
  said: readonly ModelPrediction[],
  known: readonly Reason[],
): Prediction["prediction"] {
  const champion = said.find(({ task, role }) => task === "regression" && role === "champion");
  const reasons = reasonsToWithhold(champion?.price, known);
  if (reasons.length > 0)
    return { served_by: null, scope: null, label: "withheld", reasons, price: null, log_return: null, interval: null };
  if (!champion) {
    const errors = entry.models.find(({ baselineInterval }) => baselineInterval)?.baselineInterval ?? null;
    const interval = priceInterval(errors, 0, row, horizon);
    return { served_by: "no_change", scope: null, label: "no skill", reasons, price: row.close, log_return: 0, interval };
  }
  const { name, scope, price, log_return, interval } = champion;
  return { served_by: name, scope, label: "champion", reasons, price, log_return, interval };
}

/** The champion; where there is none, the class prior of the training rows. */
function servedDirection({ entry }: LoadedSymbol, said: readonly ModelPrediction[], known: readonly Reason[]): Prediction["direction"] {
  const champion = said.find(({ task, role }) => task === "classification" && role === "champion");
  const reasons = reasonsToWithhold(
    champion?.probability_up,
    known.filter((code) => code !== "too_little_history"),
  );
  if (reasons.length > 0) return { served_by: null, scope: null, label: "withheld", reasons, probability_up: null };
  if (!champion) {
    const prior = entry.models.find(({ baselines }) => baselines.class_prior !== undefined)?.baselines.class_prior ?? null;
    return { served_by: "class_prior", scope: null, label: "no skill", reasons, probability_up: prior };
  }
  return { served_by: champion.name, scope: champion.scope, label: "champion", reasons, probability_up: champion.probability_up };
}

/**
 * A baseline asks nothing of the newest candle but that it is new.
 *
 * @param value the champion's; null where the features leave it undefined, undefined where there is no champion
 */
function reasonsToWithhold(value: number | null | undefined, known: readonly Reason[]): Reason[] {
  const holding = known.filter((code) => value !== undefined || code === "stale_candles");
  return value === null && holding.length === 0 ? ["missing_features"] : holding;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
