import { createHash } from "node:crypto";
import { CorruptObjectError, PreconditionFailedError } from "../../core/errors.ts";
import type { ObjectRef } from "../../core/manifests/manifest.ts";
import type { ObjectReader, ObjectStore } from "./object-store.ts";

export function sha256Hex(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * Stores an object that never changes. A second put of the same bytes writes nothing.
 *
 * @throws {CorruptObjectError} if other bytes are stored under this key
 */
export async function putImmutable(store: ObjectStore, key: string, bytes: Uint8Array, rows: number | null): Promise<ObjectRef> {
  const ref: ObjectRef = { key, sha256: sha256Hex(bytes), bytes: bytes.byteLength, rows };
  try {
    await store.put(key, bytes, { ifAbsent: true });
  } catch (error) {
    if (!(error instanceof PreconditionFailedError)) throw error;
    const stored = await store.get(key);
    if (!stored || sha256Hex(stored.bytes) !== ref.sha256) {
      throw new CorruptObjectError(`${key} in ${store.url} holds other bytes than the ${ref.sha256} to be stored`, { cause: error });
    }
  }
  return ref;
}

/** @throws {CorruptObjectError} if the object is gone or its bytes are not what the reference says */
export async function getVerified(reader: ObjectReader, ref: ObjectRef): Promise<Uint8Array> {
  const stored = await reader.get(ref.key);
  if (!stored) throw new CorruptObjectError(`${ref.key} is missing from ${reader.url}`);
  const found = sha256Hex(stored.bytes);
  if (found !== ref.sha256) throw new CorruptObjectError(`${ref.key} in ${reader.url} has digest ${found}, not ${ref.sha256}`);
  return stored.bytes;
}
