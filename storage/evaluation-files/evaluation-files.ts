import type { EvaluationRows, EvaluationTable, PredictionTable } from "../../core/evaluation/evaluation-table.ts";
import { type ColumnSpec, openParquet, type ParquetColumn, type ParquetData, ROW_GROUP, writeParquetParts } from "../parquet/parquet.ts";

const COLUMNS = [
  { name: "symbol", type: "string", nullable: false },
  { name: "open_time", type: "timestamp", nullable: false },
  { name: "fold", type: "int32", nullable: false },
  { name: "model", type: "string", nullable: false },
  { name: "scope", type: "string", nullable: false },
  { name: "prediction", type: "double", nullable: true },
  { name: "lower", type: "double", nullable: true },
  { name: "upper", type: "double", nullable: true },
  { name: "actual", type: "double", nullable: true },
  { name: "baseline", type: "double", nullable: true },
] as const satisfies readonly ColumnSpec[];
const PREDICTION_COLUMNS = COLUMNS.filter(({ name }) => ["symbol", "open_time", "fold", "prediction"].includes(name));

/** Out-of-sample predictions as a Parquet file. Never more than a row group of them is in memory as a table. */
export function encodeEvaluation(rows: EvaluationRows): Promise<Uint8Array> {
  return writeParquetParts(COLUMNS, columnsByGroup(rows));
}

function* columnsByGroup({ length, part }: EvaluationRows): Generator<ParquetColumn[]> {
  for (let from = 0; from < length; from += ROW_GROUP) {
    const table = part(from, Math.min(length, from + ROW_GROUP));
    const data: Record<(typeof COLUMNS)[number]["name"], ParquetColumn["data"]> = { ...table, open_time: table.openTime };
    yield COLUMNS.map((column) => ({ ...column, data: data[column.name] }));
  }
}

/**
 * Reads what {@link encodeEvaluation} wrote, a part after the other.
 *
 * @throws {SchemaMismatchError | CorruptObjectError} if the bytes are not an evaluation file
 */
export function evaluationParts(bytes: Uint8Array): AsyncGenerator<EvaluationTable> {
  return readParts(bytes, COLUMNS, tableOf);
}

/**
 * As {@link evaluationParts}, without what only the assessment knows.
 *
 * @throws {SchemaMismatchError | CorruptObjectError} if the bytes are not an evaluation file
 */
export function predictionParts(bytes: Uint8Array): AsyncGenerator<PredictionTable> {
  return readParts(bytes, PREDICTION_COLUMNS, predictionsOf);
}

async function* readParts<T>(bytes: Uint8Array, specs: readonly ColumnSpec[], toTable: (columns: ParquetData) => T): AsyncGenerator<T> {
  const { rows, read } = openParquet("the evaluation file", bytes, specs);
  for (let from = 0; from < rows; from += ROW_GROUP) yield toTable(await read({ from, to: from + ROW_GROUP }));
}

function predictionsOf(columns: ParquetData): PredictionTable {
  return {
    symbol: columns.symbol as string[],
    openTime: columns.open_time as Float64Array,
    fold: Int32Array.from(columns.fold as Float64Array),
    prediction: columns.prediction as Float64Array,
  };
}

function tableOf(columns: ParquetData): EvaluationTable {
  const number = (name: string) => columns[name] as Float64Array;
  return {
    ...predictionsOf(columns),
    model: columns.model as string[],
    scope: columns.scope as string[],
    lower: number("lower"),
    upper: number("upper"),
    actual: number("actual"),
    baseline: number("baseline"),
  };
}
