import { CorruptObjectError, SchemaMismatchError } from "../../core/vocabulary/errors.ts";

/** Whether an object is broken, so that reading it again won't help. */
export function isLasting(error: unknown): error is CorruptObjectError | SchemaMismatchError {
  return error instanceof CorruptObjectError || error instanceof SchemaMismatchError;
}
