import { stat } from "node:fs/promises";
import { InvalidInputError } from "../../core/vocabulary/errors.ts";

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
