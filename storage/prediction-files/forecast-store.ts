import { compareForecasts, type KeptForecast } from "../../core/scoring/kept-forecast.ts";
import { CorruptObjectError } from "../../core/vocabulary/errors.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { keyOf } from "../layout.ts";
import { getVerified, putImmutable } from "../object-store/immutable.ts";
import type { ObjectReader, ObjectStore } from "../object-store/object-store.ts";
import { decodeForecasts, encodeForecasts } from "./forecast-file.ts";

/** Key of the forecasts of a manifest's version. */
export function forecastKey(version: string): string {
  return keyOf("forecasts", { version });
}

/**
 * Stores what a manifest forecasts. What is stored already stays: an earlier attempt to publish this version may have been
 * killed after it named the file, and a second one might read what the first one could not.
 *
 * @param compute makes the rows; not called where they are stored
 * @throws {CorruptObjectError} if what is stored is not a file of this version's forecasts
 */
export async function keepForecasts(
  store: ObjectStore,
  version: string,
  compute: () => Promise<readonly KeptForecast[]>,
): Promise<ObjectRef> {
  const key = forecastKey(version);
  const found = await keepStored(store, key, version);
  if (found) return found;
  const rows = [...(await compute())].sort(compareForecasts);
  try {
    return await putImmutable(store, key, encodeForecasts(rows), rows.length);
  } catch (error) {
    // Another attempt to publish this version came first.
    const first = error instanceof CorruptObjectError ? await keepStored(store, key, version) : null;
    if (first) return first;
    throw error;
  }
}

/** The stored file as it is, made young again; null where there is none. */
async function keepStored(store: ObjectStore, key: string, version: string): Promise<ObjectRef | null> {
  const stored = await store.get(key);
  if (!stored) return null;
  const rows = await decodeForecasts(key, stored.bytes);
  const other = rows.find(({ manifest }) => manifest !== version);
  if (other) throw new CorruptObjectError(`${key} in ${store.url} holds forecasts of manifest ${other.manifest}`);
  return putImmutable(store, key, stored.bytes, rows.length);
}

/**
 * The forecasts that a manifest names.
 *
 * @throws {CorruptObjectError | SchemaMismatchError} if the file is gone or damaged
 */
export async function readForecasts(reader: ObjectReader, ref: ObjectRef): Promise<KeptForecast[]> {
  return decodeForecasts(ref.key, await getVerified(reader, ref));
}
