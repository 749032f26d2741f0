import type { Outcome } from "../../core/scoring/outcome.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";
import { FORECAST_COLUMNS } from "./forecast-file.ts";
import { decodeRows, encodeRows, type RowColumn } from "./row-columns.ts";

/** All columns but the interval: a column that is named like a folder breaks readers. */
type OutcomeRow = Omit<Outcome, "interval">;

const OUTCOME_COLUMNS: readonly RowColumn<OutcomeRow>[] = [
  ...FORECAST_COLUMNS,
  { name: "scoring", field: "scoring", type: "int32", nullable: true },
  { name: "actual_close", field: "actualClose", type: "double", nullable: true },
  { name: "actual_log_return", field: "actualLogReturn", type: "double", nullable: true },
  { name: "error", field: "error", type: "double", nullable: true },
  { name: "absolute_error", field: "absoluteError", type: "double", nullable: true },
  { name: "squared_error", field: "squaredError", type: "double", nullable: true },
  { name: "within_interval", field: "withinInterval", type: "boolean", nullable: true },
  { name: "brier", field: "brier", type: "double", nullable: true },
  { name: "baseline_error", field: "baselineError", type: "double", nullable: true },
  { name: "baseline_absolute_error", field: "baselineAbsoluteError", type: "double", nullable: true },
  { name: "baseline_squared_error", field: "baselineSquaredError", type: "double", nullable: true },
  { name: "baseline_brier", field: "baselineBrier", type: "double", nullable: true },
  { name: "scored_at", field: "scoredAt", type: "timestamp", nullable: true },
  { name: "candle_fetched_at", field: "candleFetchedAt", type: "timestamp", nullable: true },
  { name: "candle_source", field: "candleSource", type: "string", nullable: true },
];

/** Outcomes of one coin and interval as a Parquet file. */
export function encodeOutcomes(outcomes: readonly Outcome[]): Uint8Array {
  return encodeRows<OutcomeRow>(OUTCOME_COLUMNS, outcomes);
}

/**
 * Reads what {@link encodeOutcomes} wrote.
 *
 * @param file its key, which names it in errors, and the interval of its folder
 * @throws {SchemaMismatchError | CorruptObjectError} if the bytes are not such a file
 */
export async function decodeOutcomes(bytes: Uint8Array, { key, interval }: { key: string; interval: Interval }): Promise<Outcome[]> {
  const rows = await decodeRows<OutcomeRow>(key, OUTCOME_COLUMNS, bytes);
  return rows.map((row) => ({ ...row, interval }));
}
