import { z } from "zod";
import type { SymbolEntry } from "../manifests/manifest.ts";
import type { Model } from "../models/model.ts";
import type { DeepReadonly } from "../vocabulary/deep-readonly.ts";
import { intervalMs } from "../vocabulary/interval.ts";
import type { ManifestTimes } from "./candle-age.ts";
import { forecastModels, modelForecastSchema } from "./forecast-models.ts";
import type { NewestRow } from "./newest-row.ts";
import { serveDirection, servedDirectionSchema, servedPriceSchema, servePrice } from "./served-answers.ts";
import { findWarnings, warningSchema, withholdingReasons } from "./warnings.ts";

const candleTimes = { openTime: z.iso.datetime(), closeTime: z.iso.datetime() };

export const symbolForecastSchema = z.strictObject({
  asOfCandle: z.strictObject({ ...candleTimes, close: z.number() }).describe("the newest candle that the prediction knows"),
  targetCandle: z.strictObject(candleTimes).describe("the candle whose close is predicted"),
  prediction: servedPriceSchema,
  direction: servedDirectionSchema,
  warnings: z.array(warningSchema),
  models: z.array(modelForecastSchema),
});
/** What the models of a symbol predict, and what of it is served. */
export type SymbolForecast = DeepReadonly<z.infer<typeof symbolForecastSchema>>;

export interface SymbolForecastInput {
  readonly manifest: ManifestTimes;
  /** version of the newest manifest, where files of this coin in it can't be read and `manifest` is an older one */
  readonly insteadOf?: string | null;
  readonly entry: SymbolEntry;
  readonly row: NewestRow;
  /** candles ahead */
  readonly horizon: number;
  /** fitted models by the key of their file */
  readonly models: ReadonlyMap<string, Model>;
  /** ms UTC */
  readonly now: number;
}

/**
 * Forecasts the candle that lies `horizon` candles after the newest known one.
 *
 * @throws {SchemaMismatchError} if a model reads a feature that the row lacks
 */
export function forecastSymbol({ manifest, insteadOf = null, entry, row, horizon, models, now }: SymbolForecastInput): SymbolForecast {
  const step = intervalMs(row.interval);
  const targetOpen = row.openTime + horizon * step;
  const entries = entry.models;
  const forecasts = forecastModels({ entries, models, row, horizon });
  const warnings = findWarnings({ manifest, insteadOf, entry, row, models, targetClose: targetOpen + step, now });
  const serving = { entries, forecasts, row, horizon, reasons: withholdingReasons(warnings) };
  return {
    asOfCandle: { openTime: iso(row.openTime), closeTime: iso(row.openTime + step), close: row.close },
    targetCandle: { openTime: iso(targetOpen), closeTime: iso(targetOpen + step) },
    prediction: servePrice(serving),
    direction: serveDirection(serving),
    warnings,
    models: forecasts,
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
