import { type ColumnSpec, type ParquetColumn, type ParquetData, readParquet, writeParquet } from "../parquet/parquet.ts";

/** A column of a Parquet file, and the field of a row that it holds. */
export interface RowColumn<Row> extends ColumnSpec {
  readonly field: keyof Row & string;
}

/** Rows as the bytes of a Parquet file. The same rows give the same bytes. */
export function encodeRows<Row>(columns: readonly RowColumn<Row>[], rows: readonly Row[]): Uint8Array {
  return writeParquet(
    columns.map(
      ({ field, ...spec }): ParquetColumn => ({ ...spec, data: rows.map((row) => row[field] as string | number | boolean | null) }),
    ),
  );
}

/**
 * Reads what {@link encodeRows} wrote.
 *
 * @param subject names the file in errors
 * @throws {SchemaMismatchError | CorruptObjectError} if the bytes are not a file with these columns
 */
export async function decodeRows<Row>(subject: string, columns: readonly RowColumn<Row>[], bytes: Uint8Array): Promise<Row[]> {
  const { rows, columns: data } = await readParquet(subject, bytes, columns);
  return Array.from({ length: rows }, (_, row) => {
    return Object.fromEntries(columns.map((column) => [column.field, valueAt(data[column.name], column, row)])) as Row;
  });
}

function valueAt(data: ParquetData[string], { type }: ColumnSpec, row: number): string | number | boolean | null {
  const value = data[row];
  if (value === null || typeof value === "string") return value;
  if (Number.isNaN(value)) return null;
  return type === "boolean" ? value === 1 : value;
}
