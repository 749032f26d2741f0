import { createHash } from "node:crypto";
import { CorruptObjectError, PreconditionFailedError } from "../../core/vocabulary/errors.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import type { ObjectReader, ObjectStore } from "./object-store.ts";

export function sha256Hex(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * From this age on, an object that is put again is written again with the same bytes, so that it is young: a garbage
 * collection must not take what a run under way has just found stored. Half of the least grace in storage/registry/retention.ts.
 */
export const TOUCH_AFTER_MS = 86_400_000;

/**
 * Stores an object that never changes. A second put of the same bytes writes nothing, unless what is stored is old.
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
        throw new CorruptObjectError(`${key} in ${store.url} holds other bytes than the ${ref.sha256} to be stored`, { cause: error });
      }
      if (Date.now() - stored.lastModified < TOUCH_AFTER_MS || (await touch(store, key, bytes, stored.etag))) return ref;
    }
  }
}

/** How often an object may be deleted between the moment it is found and the moment it is read. */
const GONE_TRIES = 5;

/** Whether the same bytes could be written over the old ones; not where another did so, or deleted them. */
async function touch(store: ObjectStore, key: string, bytes: Uint8Array, etag: string): Promise<boolean> {
  try {
    await store.put(key, bytes, { ifMatch: etag });
    return true;
  } catch (error) {
    if (error instanceof PreconditionFailedError) return false;
    throw error;
  }
}

/** @throws {CorruptObjectError} if the object is gone or its bytes are not what the reference says */
export async function getVerified(reader: ObjectReader, ref: ObjectRef): Promise<Uint8Array> {
  const stored = await reader.get(ref.key);
  if (!stored) throw new CorruptObjectError(`${ref.key} is missing from ${reader.url}`);
  const found = sha256Hex(stored.bytes);
  if (found !== ref.sha256) throw new CorruptObjectError(`${ref.key} in ${reader.url} has digest ${found}, not ${ref.sha256}`);
  return stored.bytes;
}
