import { PreconditionFailedError } from "../../core/vocabulary/errors.ts";
import { sha256Hex } from "./immutable.ts";
import { checkKey } from "./keys.ts";
import type { ObjectStore } from "./object-store.ts";

/** A store in this process's memory, for tests. */
export function createMemoryStore(): ObjectStore {
  const objects = new Map<string, { bytes: Uint8Array; etag: string; lastModified: number }>();
  let clock = 0;
  return {
    url: "memory:",
    async get(key) {
      const found = objects.get(checkKey(key));
      return found ? { ...found, bytes: found.bytes.slice() } : null;
    },
    async stat(key) {
      const found = objects.get(checkKey(key));
      return found ? { key, bytes: found.bytes.byteLength, lastModified: found.lastModified } : null;
    },
    async *list(prefix) {
      for (const key of [...objects.keys()].filter((name) => name.startsWith(prefix)).sort()) {
        const found = objects.get(key);
        if (found) yield { key, bytes: found.bytes.byteLength, lastModified: found.lastModified };
      }
    },
    async put(key, bytes, condition) {
      const found = objects.get(checkKey(key));
      if ("ifAbsent" in condition && found) throw new PreconditionFailedError(`${key} exists already`);
      if ("ifMatch" in condition && found?.etag !== condition.ifMatch) throw new PreconditionFailedError(`${key} has changed`);
      const etag = sha256Hex(bytes);
      clock = Math.max(clock + 0.001, Date.now());
      objects.set(key, { bytes: bytes.slice(), etag, lastModified: clock });
      return { etag };
    },
    async delete(key) {
      objects.delete(checkKey(key));
    },
  };
}
