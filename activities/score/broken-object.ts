import { CorruptObjectError, SchemaMismatchError } from "../../core/vocabulary/errors.ts";

/**
 * What is wrong with an object, as a sentence. One that is broken doesn't keep others from being scored.
 *
 * @throws the error itself, where a retry may mend it
 */
export function brokenObject(error: unknown): string {
  if (error instanceof CorruptObjectError || error instanceof SchemaMismatchError) return error.message;
  throw error;
}
