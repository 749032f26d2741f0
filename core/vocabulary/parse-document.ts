import type { z } from "zod";
import { CorruptObjectError, SchemaMismatchError } from "./errors.ts";

export interface DocumentKind<T extends z.ZodType> {
  /** What error messages call it, as `manifest`. */
  readonly name: string;
  readonly schema: T;
  readonly maxBytes: number;
}

/**
 * Reads a stored JSON document strictly: whatever the schema doesn't allow is refused, and nothing is guessed.
 *
 * @throws {CorruptObjectError} if the bytes are not JSON in UTF-8
 * @throws {SchemaMismatchError} naming the first field that is wrong
 */
export function parseDocument<T extends z.ZodType>(bytes: Uint8Array, { name, schema, maxBytes }: DocumentKind<T>): z.output<T> {
  if (bytes.byteLength > maxBytes) throw new SchemaMismatchError(`a ${name} of ${bytes.byteLength} bytes is larger than ${maxBytes}`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new CorruptObjectError(`the ${name} is not JSON`, { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  throw new SchemaMismatchError(`the ${name}'s ${path.join(".") || "shape"} is wrong: ${message}`);
}
