import type { Manifest } from "../../core/manifests/manifest.ts";
import { parseManifest } from "../../core/manifests/parse-manifest.ts";
import { CorruptObjectError, SchemaMismatchError } from "../../core/vocabulary/errors.ts";
import { sha256Hex } from "../object-store/immutable.ts";
import type { ObjectReader } from "../object-store/object-store.ts";

export const POINTER_KEY = "manifests/latest.json";

/** What `manifests/latest.json` says. */
export interface Pointer {
  readonly schema: "candlecast.pointer/1";
  readonly version: string;
  readonly key: string;
  readonly sha256: string;
}

export interface Latest {
  readonly manifest: Manifest;
  readonly pointer: Pointer;
  /** Of the pointer, for moving it. */
  readonly etag: string;
}

export function manifestKey(version: string): string {
  return `manifests/${version}.json`;
}

/** The pointer alone: enough to see whether something newer was published. */
export async function readPointer(reader: ObjectReader): Promise<{ pointer: Pointer; etag: string } | null> {
  const stored = await reader.get(POINTER_KEY);
  return stored ? { pointer: parsePointer(stored.bytes), etag: stored.etag } : null;
}

/**
 * The newest manifest; null where nothing was published yet.
 *
 * @throws {CorruptObjectError | SchemaMismatchError} if pointer or manifest is not what it should be
 */
export async function readLatest(reader: ObjectReader): Promise<Latest | null> {
  const found = await readPointer(reader);
  if (!found) return null;
  const { pointer } = found;
  const stored = await reader.get(pointer.key);
  if (!stored) throw new CorruptObjectError(`${POINTER_KEY} names ${pointer.key}, which is missing from ${reader.url}`);
  if (sha256Hex(stored.bytes) !== pointer.sha256)
    throw new CorruptObjectError(`${pointer.key} is not the manifest that ${POINTER_KEY} names`);
  const manifest = parseManifest(stored.bytes);
  if (manifest.version !== pointer.version) throw new CorruptObjectError(`${pointer.key} calls itself ${manifest.version}`);
  return { ...found, manifest };
}

/** A manifest by its version; null where there is none. */
export async function readManifest(reader: ObjectReader, version: string): Promise<Manifest | null> {
  const stored = await reader.get(manifestKey(version));
  return stored ? parseManifest(stored.bytes) : null;
}

function parsePointer(bytes: Uint8Array): Pointer {
  let value: Partial<Pointer>;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Pointer>;
  } catch (cause) {
    throw new CorruptObjectError(`${POINTER_KEY} is not JSON`, { cause });
  }
  const { schema, version, key, sha256 } = value ?? {};
  if (schema !== "candlecast.pointer/1" || typeof version !== "string" || key !== manifestKey(version) || typeof sha256 !== "string") {
    throw new SchemaMismatchError(`${POINTER_KEY} is not of schema candlecast.pointer/1`);
  }
  return { schema, version, key, sha256 };
}
