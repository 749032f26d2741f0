/** A value as a file holds it: text from a CSV, numbers, dates and so on from a Parquet file. */
export type Cell = string | number | bigint | boolean | Date | null | undefined;

export interface TableRow {
  /** Line of the file, or number of the row, from 1 on. */
  readonly line: number;
  readonly cells: readonly Cell[];
}

/** Rows in the order of the file, read as they are asked for. The first may be a header. */
export type TableRows = AsyncIterable<TableRow>;
