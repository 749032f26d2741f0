import type { EvaluationTable } from "../../core/evaluation/evaluation-table.ts";
import { type ColumnSpec, type ParquetData, ROW_GROUP, readParquet, writeParquet } from "../parquet/parquet.ts";

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

/** Out-of-sample predictions as a Parquet file. */
export function encodeEvaluation(table: EvaluationTable): Uint8Array {
  const data: Record<(typeof COLUMNS)[number]["name"], ArrayLike<number> | readonly string[]> = { ...table, open_time: table.openTime };
  return writeParquet(COLUMNS.map((column) => ({ ...column, data: data[column.name] })));
}

/**
 * Reads what {@link encodeEvaluation} wrote.
 *
 * @throws {SchemaMismatchError | CorruptObjectError} if the bytes are not an evaluation file
 */
export async function decodeEvaluation(bytes: Uint8Array): Promise<EvaluationTable> {
  return tableOf(await readParquet("the evaluation file", bytes, COLUMNS));
}

/**
 * As {@link decodeEvaluation}, a part after the other, for who can't wait for all at once.
 *
 * @param rows of the whole file
 * @throws {SchemaMismatchError | CorruptObjectError} if the bytes are not an evaluation file
 */
export async function* evaluationParts(bytes: Uint8Array, rows: number): AsyncGenerator<EvaluationTable> {
  for (let from = 0; from < rows; from += ROW_GROUP)
    yield tableOf(await readParquet("the evaluation file", bytes, COLUMNS, { from, to: from + ROW_GROUP }));
}

function tableOf({ columns }: { readonly columns: ParquetData }): EvaluationTable {
  const number = (name: string) => columns[name] as Float64Array;
  return {
    symbol: columns.symbol as string[],
    openTime: number("open_time"),
    fold: Int32Array.from(number("fold")),
    model: columns.model as string[],
    scope: columns.scope as string[],
    prediction: number("prediction"),
    lower: number("lower"),
    upper: number("upper"),
    actual: number("actual"),
    baseline: number("baseline"),
  };
}
