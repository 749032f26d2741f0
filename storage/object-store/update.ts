import { PreconditionFailedError, StoreUnavailableError } from "../../core/vocabulary/errors.ts";
import type { ObjectStore } from "./object-store.ts";

/** How often an update is decided again because another writer came first. */
const TRIES = 40;
/** The wait before the next try grows by up to this with each. */
const BACK_OFF_MS = 10;

/** What an update decided. */
export interface Change<Result> {
  /** What is to be stored; null leaves what is stored. */
  readonly bytes: Uint8Array | null;
  readonly result: Result;
}

/** An object as it was read a moment ago. */
export interface Known<Value> {
  /** null where there was none */
  readonly etag: string | null;
  readonly value: Value | null;
}

export interface UpdateOptions<Value = unknown> {
  /** The first decision is made on this, without reading. */
  readonly known?: Known<Value>;
  /** the default is 40 */
  readonly tries?: number;
  /** Makes the error of an update that gave up, from its message. */
  readonly conflict?: (message: string, options: { cause: unknown }) => Error;
}

/**
 * Changes an object by compare-and-swap: reads it, lets `change` decide, and writes only if nobody else has written meanwhile;
 * else it reads and decides again. `change` may run several times, and may itself lose a race.
 *
 * @param decode reads the stored bytes
 * @param change is given null where there is no object yet
 * @returns the result of the decision that was stored, or that left everything as it was
 * @throws {StoreUnavailableError} if others came first 40 times in a row
 */
export async function update<Value, Result>(
  store: ObjectStore,
  key: string,
  decode: (bytes: Uint8Array) => Value | Promise<Value>,
  change: (value: Value | null) => Change<Result> | Promise<Change<Result>>,
  { known, tries = TRIES, conflict = (message, options) => new StoreUnavailableError(message, options) }: UpdateOptions<Value> = {},
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    const { etag, value } = attempt === 1 && known ? known : await read(store, key, decode);
    try {
      const { bytes, result } = await change(value);
      if (bytes) await store.put(key, bytes, etag === null ? { ifAbsent: true } : { ifMatch: etag });
      return result;
    } catch (cause) {
      if (!(cause instanceof PreconditionFailedError)) throw cause;
      if (attempt >= tries) throw conflict(`${key} in ${store.url} was changed by others ${tries} times in a row; run again`, { cause });
      await new Promise((done) => setTimeout(done, Math.random() * BACK_OFF_MS * attempt));
    }
  }
}

async function read<Value>(store: ObjectStore, key: string, decode: (bytes: Uint8Array) => Value | Promise<Value>): Promise<Known<Value>> {
  const stored = await store.get(key);
  return stored ? { etag: stored.etag, value: await decode(stored.bytes) } : { etag: null, value: null };
}
