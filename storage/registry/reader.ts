import type { Manifest } from "../../core/manifests/manifest.ts";
import { parseManifest } from "../../core/manifests/parse-manifest.ts";
import { CorruptObjectError, SchemaMismatchError } from "../../core/vocabulary/errors.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { keyOf } from "../layout.ts";
import { sha256Hex } from "../object-store/immutable.ts";
import { parseJson } from "../object-store/json-objects.ts";
import type { ObjectReader } from "../object-store/object-store.ts";

export const POINTER_KEY = keyOf("pointer", {});
const SCHEMA = "candlecast.pointer/1";

/** The content of `manifests/latest.json`: which manifest is the newest. */
export interface Pointer {
  readonly schema: typeof SCHEMA;
  readonly version: string;
  readonly key: string;
  readonly sha256: string;
}

export interface Latest {
  readonly manifest: Manifest;
  readonly pointer: Pointer;
  /** The pointer's, which changes whenever something is published. */
  readonly etag: string;
}

export function manifestKey(version: string): string {
  return keyOf("manifests", { version });
}

/** The pointer alone: enough to see whether something newer was published. Null where nothing was published yet. */
export async function readPointer(reader: ObjectReader): Promise<{ pointer: Pointer; etag: string } | null> {
  const stored = await reader.get(POINTER_KEY);
  return stored ? { pointer: parsePointer(stored.bytes), etag: stored.etag } : null;
}

/**
 * The newest manifest; null where nothing was published yet.
 *
 * @throws {CorruptObjectError | SchemaMismatchError} if the pointer or the manifest is damaged
 */
export async function readLatest(reader: ObjectReader): Promise<Latest | null> {
  const found = await readPointer(reader);
  return found && { ...found, manifest: await readPointed(reader, found.pointer) };
}

/**
 * The manifest that a pointer names.
 *
 * @throws {CorruptObjectError | SchemaMismatchError} if it is missing, or its bytes are others than the pointer says
 */
export async function readPointed(reader: ObjectReader, { version, key, sha256 }: Pointer): Promise<Manifest> {
  const stored = await reader.get(key);
  if (!stored) throw new CorruptObjectError(`${POINTER_KEY} names ${key}, which is missing from ${reader.url}`);
  if (sha256Hex(stored.bytes) !== sha256) throw new CorruptObjectError(`${key} is not the manifest that ${POINTER_KEY} names`);
  const manifest = parseManifest(stored.bytes);
  if (manifest.version !== version) throw new CorruptObjectError(`${key} calls itself ${manifest.version}`);
  return manifest;
}

/** A manifest by its version; null where it is not stored. */
export async function readManifest(reader: ObjectReader, version: string): Promise<Manifest | null> {
  const stored = await reader.get(manifestKey(version));
  return stored ? parseManifest(stored.bytes) : null;
}

/** The pointer to a stored manifest, as bytes. */
export function encodePointer(version: string, { key, sha256 }: ObjectRef): Uint8Array {
  const pointer: Pointer = { schema: SCHEMA, version, key, sha256 };
  return new TextEncoder().encode(`${JSON.stringify(pointer)}\n`);
}

/** @throws {CorruptObjectError | SchemaMismatchError} if the bytes are not a pointer */
export function parsePointer(bytes: Uint8Array): Pointer {
  const { schema, version, key, sha256 } = (parseJson(POINTER_KEY, bytes) ?? {}) as Partial<Pointer>;
  if (schema !== SCHEMA || typeof version !== "string" || key !== manifestKey(version) || typeof sha256 !== "string") {
    throw new SchemaMismatchError(`${POINTER_KEY} is not of schema ${SCHEMA}`);
  }
  return { schema, version, key, sha256 };
}
