import { z } from "zod";
import { type ModelEntry, modelEntrySchema } from "../manifests/manifest.ts";
import type { Model } from "../models/model.ts";
import { predictModel } from "../models/predict-model.ts";
import type { DeepReadonly } from "../vocabulary/deep-readonly.ts";
import { ENSEMBLE } from "../vocabulary/model-names.ts";
import { nullableNumberSchema } from "../vocabulary/schemas.ts";
import { ensembleForecasts, ensembleMembers } from "./ensemble.ts";
import { forecastOf, forecastScale, type PriceBasis, priceAfter, priceInterval, priceIntervalSchema } from "./forecast.ts";
import type { NewestRow } from "./newest-row.ts";

const { name, scope, task, role, reason, file } = modelEntrySchema.shape;

export const modelForecastSchema = z.strictObject({
  name,
  scope,
  task,
  role,
  reason,
  logReturn: nullableNumberSchema.describe("predicted forward log return; null for classifiers"),
  price: nullableNumberSchema.describe("predicted close of the target candle; null for classifiers"),
  interval: priceIntervalSchema.nullable().describe(`${priceIntervalSchema.description}; null where unknown`),
  probabilityUp: nullableNumberSchema.describe("predicted probability of a rise; null for regressors"),
  file,
});
/** What a model predicts. Null is unknown, or doesn't apply to the model's task. */
export type ModelForecast = DeepReadonly<z.infer<typeof modelForecastSchema>>;

export interface ForecastInput {
  readonly entries: readonly ModelEntry[];
  /** fitted models by the key of their file */
  readonly models: ReadonlyMap<string, Model>;
  readonly row: NewestRow;
  /** candles ahead */
  readonly horizon: number;
}

/**
 * What each model of a symbol predicts from the newest row, in the order of the entries.
 *
 * @throws {SchemaMismatchError} if a model reads a feature that the row lacks
 */
export function forecastModels({ entries, models, row, horizon }: ForecastInput): ModelForecast[] {
  const scale = forecastScale(row.volatility, horizon);
  const forecasts = new Map(
    entries.map((entry) => {
      const model = entry.file && models.get(entry.file.key);
      return [entry, model ? forecastOf(entry.task, predictModel(model, row, 0), scale) : Number.NaN] as const;
    }),
  );
  const ensemble = ({ scope }: ModelEntry): number => {
    const members = ensembleMembers(entries, scope);
    return members ? ensembleForecasts(members.map((member) => Float64Array.of(forecasts.get(member) ?? Number.NaN)))[0] : Number.NaN;
  };
  const basis = { close: row.close, scale };
  return entries.map((entry) => describe(entry, entry.name === ENSEMBLE ? ensemble(entry) : (forecasts.get(entry) ?? Number.NaN), basis));
}

function describe({ name, scope, task, role, reason, file, interval }: ModelEntry, forecast: number, basis: PriceBasis): ModelForecast {
  const value = Number.isFinite(forecast) ? forecast : null;
  const head = { name, scope, task, role, reason, file };
  if (task === "classification") return { ...head, logReturn: null, price: null, interval: null, probabilityUp: value };
  return {
    ...head,
    logReturn: value,
    price: value === null ? null : priceAfter(basis.close, value),
    interval: value === null ? null : priceInterval(interval, value, basis),
    probabilityUp: null,
  };
}
