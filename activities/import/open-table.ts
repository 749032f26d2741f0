import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { InvalidCandleError, InvalidInputError } from "../../core/vocabulary/errors.ts";
import { type ByteSource, readHead } from "../../sources/files/byte-source.ts";
import { csvRows } from "../../sources/files/csv-rows.ts";
import { KIND_BYTES, kindOfFile } from "../../sources/files/file-kind.ts";
import type { TableRows } from "../../sources/files/table.ts";
import { zipEntry } from "../../sources/files/zip-entry.ts";
import { parquetRows } from "../../storage/parquet/parquet-rows.ts";

export interface OpenTable {
  /** Names that may tell what the file holds. */
  readonly names: readonly string[];
  /** Reads the rows from the beginning. */
  rows(): TableRows;
}

/**
 * Opens a file of candles as its first bytes tell: CSV, gzipped or in a ZIP archive, or Parquet.
 *
 * @throws {InvalidInputError} if the file can't be read
 * @throws {InvalidCandleError} if it is something else, naming what
 */
export async function openTable(file: string): Promise<OpenTable> {
  const plain: ByteSource = { path: file, names: [basename(file)], open: async () => createReadStream(file) };
  const head = await readHead(plain, KIND_BYTES).catch((error: NodeJS.ErrnoException) => {
    throw new InvalidInputError(`${file} can't be read (${error.code})`);
  });
  const kind = kindOfFile(head);
  if (typeof kind === "object") throw new InvalidCandleError(`${file} is ${kind.refused}`);
  if (kind === "parquet") return { names: plain.names, rows: () => parquetRows(file) as TableRows };
  const source = kind === "zip" ? await zipEntry(file) : plain;
  return { names: source.names, rows: () => csvRows(source) };
}
