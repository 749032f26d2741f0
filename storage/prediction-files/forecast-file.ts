import type { KeptForecast } from "../../core/scoring/kept-forecast.ts";
import { decodeRows, encodeRows, type RowColumn } from "./row-columns.ts";

/** The columns of a forecast, except its interval, which the folders of outcomes tell. */
export const FORECAST_COLUMNS = [
  { name: "symbol", field: "symbol", type: "string", nullable: false },
  { name: "horizon", field: "horizon", type: "int32", nullable: false },
  { name: "as_of_open_time", field: "asOfOpenTime", type: "timestamp", nullable: false },
  { name: "as_of_close", field: "asOfClose", type: "double", nullable: true },
  { name: "target_open_time", field: "targetOpenTime", type: "timestamp", nullable: false },
  { name: "target_close_time", field: "targetCloseTime", type: "timestamp", nullable: false },
  { name: "task", field: "task", type: "string", nullable: false },
  { name: "model", field: "model", type: "string", nullable: false },
  { name: "scope", field: "scope", type: "string", nullable: true },
  { name: "role", field: "role", type: "string", nullable: false },
  { name: "served", field: "served", type: "boolean", nullable: false },
  { name: "withheld_reasons", field: "withheldReasons", type: "string", nullable: true },
  { name: "log_return", field: "logReturn", type: "double", nullable: true },
  { name: "price", field: "price", type: "double", nullable: true },
  { name: "lower", field: "lower", type: "double", nullable: true },
  { name: "upper", field: "upper", type: "double", nullable: true },
  { name: "coverage", field: "coverage", type: "double", nullable: true },
  { name: "probability_up", field: "probabilityUp", type: "double", nullable: true },
  { name: "baseline_log_return", field: "baselineLogReturn", type: "double", nullable: true },
  { name: "baseline_probability_up", field: "baselineProbabilityUp", type: "double", nullable: true },
  { name: "source", field: "source", type: "string", nullable: false },
  { name: "simulated", field: "simulated", type: "boolean", nullable: false },
  { name: "manifest", field: "manifest", type: "string", nullable: false },
  { name: "entry_since", field: "entrySince", type: "string", nullable: false },
  { name: "training_digest", field: "trainingDigest", type: "string", nullable: false },
  { name: "feature_digest", field: "featureDigest", type: "string", nullable: false },
  { name: "model_sha256", field: "modelSha256", type: "string", nullable: true },
  { name: "published_at", field: "publishedAt", type: "timestamp", nullable: false },
  { name: "run_id", field: "runId", type: "string", nullable: false },
] as const satisfies readonly RowColumn<KeptForecast>[];

const WITH_INTERVAL: readonly RowColumn<KeptForecast>[] = [
  FORECAST_COLUMNS[0],
  { name: "interval", field: "interval", type: "string", nullable: false },
  ...FORECAST_COLUMNS.slice(1),
];

/** A manifest's forecasts as a Parquet file. */
export function encodeForecasts(forecasts: readonly KeptForecast[]): Uint8Array {
  return encodeRows(WITH_INTERVAL, forecasts);
}

/**
 * Reads what {@link encodeForecasts} wrote.
 *
 * @param key names the file in errors
 * @throws {SchemaMismatchError | CorruptObjectError} if the bytes are not such a file
 */
export function decodeForecasts(key: string, bytes: Uint8Array): Promise<KeptForecast[]> {
  return decodeRows(key, WITH_INTERVAL, bytes);
}
