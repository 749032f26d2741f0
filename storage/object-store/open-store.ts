import { mkdir } from "node:fs/promises";
import { InvalidInputError } from "../../core/vocabulary/errors.ts";
import { createFileStore } from "./file-store.ts";
import { withFormerKeys } from "./former-keys.ts";
import { lazyStore } from "./lazy-store.ts";
import type { ObjectReader, ObjectStore } from "./object-store.ts";
import { s3Url } from "./s3-url.ts";

/**
 * Opens the store that a URL names. Objects that still lie under their former keys are found, too.
 *
 * @param storeUrl `file:PATH` or `s3://bucket/prefix`
 * @throws {InvalidInputError} if it is neither
 */
export function openStore(storeUrl: string, { s3Endpoint }: { s3Endpoint: string | null }): ObjectStore {
  return withFormerKeys(openPlainStore(storeUrl, { s3Endpoint }));
}

/** As {@link openStore}, with each key as it is stored. */
export function openPlainStore(storeUrl: string, { s3Endpoint }: { s3Endpoint: string | null }): ObjectStore {
  const folder = folderOf(storeUrl);
  if (folder !== null) return createFileStore(folder);
  const s3 = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*?))?\/?$/.exec(storeUrl);
  if (s3) {
    const place = { bucket: s3[1], prefix: s3[2] ?? "" };
    return lazyStore(s3Url(place), async () => (await import("./s3-store.ts")).createS3Store({ ...place, endpoint: s3Endpoint }));
  }
  throw new InvalidInputError(`STORE_URL ${JSON.stringify(storeUrl)} is neither file:PATH nor s3://bucket/prefix`);
}

/** As {@link openStore}, for code that must not write. */
export function openReader(storeUrl: string, options: { s3Endpoint: string | null }): ObjectReader {
  return openStore(storeUrl, options);
}

/** Makes the folder of a `file:` store, so that an empty store is not taken for a wrong address. Other stores are left alone. */
export async function makeStoreFolder(storeUrl: string): Promise<void> {
  const folder = folderOf(storeUrl);
  if (folder !== null) await mkdir(folder, { recursive: true });
}

function folderOf(storeUrl: string): string | null {
  return /^file:(?:\/\/(?=\/))?(.+)$/.exec(storeUrl)?.[1] ?? null;
}
