import { createHash } from "node:crypto";
import { CorruptObjectError, PreconditionFailedError } from "../../core/vocabulary/errors.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import type { ObjectReader, ObjectStore } from "./object-store.ts";

export function sha256Hex(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * An object of this age that is put again is written again, with the same bytes, so that it counts as young: garbage collection
 * must not delete what a running pipeline has just found stored. The shortest grace period is made from this.
 */
export const TOUCH_AFTER_MS = 86_400_000;

/**
 * Stores an object that never changes. A second put of the same bytes writes nothing, unless the stored object is old.
 *
 * @throws {CorruptObjectError} if other bytes are stored under this key
 */
export async function putImmutable(store: ObjectStore, key: string, bytes: Uint8Array, rows: number | null): Promise<ObjectRef> {
  const ref: ObjectRef = { key, sha256: sha256Hex(bytes), bytes: bytes.byteLength, rows };
  for (let tries = 1; ; tries++) {
    try {
      await store.put(key, bytes, { ifAbsent: true });
      return ref;
    } catch (error) {
      if (!(error instanceof PreconditionFailedError)) throw error;
      const stored = await store.get(key);
      if (!stored && tries < GONE_TRIES) continue;
      if (!stored || sha256Hex(stored.bytes) !== ref.sha256) {
        throw new CorruptObjectError(`${key} in ${store.url} already holds other bytes than those to be stored, of digest ${ref.sha256}`, {
          cause: error,
        });
      }
      if (Date.now() - stored.lastModified < TOUCH_AFTER_MS || (await touch(store, key, bytes, stored.etag))) return ref;
    }
  }
}

/** How often an object may be deleted between the put that finds it and the read that follows. */
const GONE_TRIES = 5;

/** Writes the same bytes over an old object. False if another writer did so first, or the object was deleted. */
async function touch(store: ObjectStore, key: string, bytes: Uint8Array, etag: string): Promise<boolean> {
  try {
    await store.put(key, bytes, { ifMatch: etag });
    return true;
  } catch (error) {
    if (error instanceof PreconditionFailedError) return false;
    throw error;
  }
}

/**
 * The bytes of a referenced object, checked against the reference's digest.
 *
 * @throws {CorruptObjectError} if the object is gone, or has another digest
 */
export async function getVerified(reader: ObjectReader, ref: ObjectRef): Promise<Uint8Array> {
  const stored = await reader.get(ref.key);
  if (!stored) throw new CorruptObjectError(`${ref.key} is missing from ${reader.url}`);
  const found = sha256Hex(stored.bytes);
  if (found !== ref.sha256) throw new CorruptObjectError(`${ref.key} in ${reader.url} has digest ${found}, not ${ref.sha256}`);
  return stored.bytes;
}
