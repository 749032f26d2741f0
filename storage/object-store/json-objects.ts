import { CorruptObjectError } from "../../core/vocabulary/errors.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { getVerified, putImmutable, sha256Hex } from "./immutable.ts";
import type { ObjectReader, ObjectStore } from "./object-store.ts";

/** Stores a value as JSON under a key made of its digest. */
export async function putJson(store: ObjectStore, key: (digest: string) => string, value: unknown): Promise<ObjectRef> {
  const bytes = new TextEncoder().encode(`${JSON.stringify(value)}\n`);
  return putImmutable(store, key(sha256Hex(bytes)), bytes, null);
}

/**
 * Reads what {@link putJson} stored: its digest is checked, so it has the shape that this code wrote.
 *
 * @throws {CorruptObjectError} if the object is gone, or its bytes are not what the reference says
 */
export async function readJson<T>(reader: ObjectReader, ref: ObjectRef): Promise<T> {
  return parseJson(ref.key, await getVerified(reader, ref)) as T;
}

/**
 * @param key names the object in errors
 * @throws {CorruptObjectError} if the bytes are not JSON
 */
export function parseJson(key: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new CorruptObjectError(`${key} is not JSON`, { cause });
  }
}
