import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { InvalidCandleError, InvalidInputError } from "../../core/vocabulary/errors.ts";
import type { ByteSource } from "../../sources/files/byte-source.ts";
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
  const kind = kindOfFile(await firstBytes(file));
  if (typeof kind === "object") throw new InvalidCandleError(`${file} is ${kind.refused}`);
  const names = [basename(file)];
  if (kind === "parquet") return { names, rows: () => parquetRows(file) as TableRows };
  const source: ByteSource = kind === "zip" ? await zipEntry(file) : { path: file, names, open: async () => createReadStream(file) };
  return { names: source.names, rows: () => csvRows(source) };
}

async function firstBytes(file: string): Promise<Buffer> {
  const handle = await open(file, "r").catch((error: NodeJS.ErrnoException) => {
    throw new InvalidInputError(`${file} can't be read (${error.code})`);
  });
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(KIND_BYTES), 0, KIND_BYTES, 0).finally(() => handle.close());
  return buffer.subarray(0, bytesRead);
}
