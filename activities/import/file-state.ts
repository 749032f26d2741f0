import { open, stat } from "node:fs/promises";
import { InvalidInputError } from "../../core/vocabulary/errors.ts";
import { csvRows } from "../../sources/files/csv-rows.ts";
import type { TableRows } from "../../sources/files/table.ts";
import { parquetRows } from "../../storage/parquet/parquet-rows.ts";

const PARQUET = Buffer.from("PAR1");

export interface FileState {
  /** Size and time of the last change: two readings with the same mark read the same file. */
  readonly mark: string;
  /** ms UTC */
  readonly changedAt: number;
}

/** @throws {InvalidInputError} if there is no such file, or it can't be read */
export async function fileState(file: string): Promise<FileState> {
  const info = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw new InvalidInputError(`${file} can't be read (${error.code}); the worker reads it, so it must be there for the worker`);
  });
  if (!info.isFile()) throw new InvalidInputError(`${file} is not a file`);
  return { mark: `${info.size} ${info.mtimeMs}`, changedAt: info.mtimeMs };
}

/**
 * Opens a file of candles as CSV or Parquet, as its first bytes tell.
 *
 * @returns a function that reads the rows from the beginning
 * @throws {InvalidInputError} if the file can't be read
 */
export async function openRows(file: string): Promise<() => TableRows> {
  const handle = await open(file, "r").catch((error: NodeJS.ErrnoException) => {
    throw new InvalidInputError(`${file} can't be read (${error.code})`);
  });
  const { buffer } = await handle.read(Buffer.alloc(PARQUET.length), 0, PARQUET.length, 0).finally(() => handle.close());
  return buffer.equals(PARQUET) ? () => parquetRows(file) as TableRows : () => csvRows(file);
}
