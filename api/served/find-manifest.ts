import type { Manifest } from "../../core/manifests/manifest.ts";
import { partsOf, prefixOf } from "../../storage/layout.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import { type Pointer, readManifest, readPointed } from "../../storage/registry/reader.ts";
import { type Fault, faultOf } from "./faults.ts";
import { isLasting } from "./lasting.ts";

/** So many stored manifests are tried if the newest is broken. */
const TRIES = 5;

export interface FoundManifest {
  readonly manifest: Manifest;
  /** why it isn't the one that the pointer names */
  readonly faults: readonly Fault[];
}

/**
 * The manifest that the pointer names, or if that or the pointer is broken, the newest whole one that is stored.
 *
 * @param pointed the pointer, or the error that it gave
 * @throws {CorruptObjectError | SchemaMismatchError} if there is no whole one at all
 * @throws {StoreUnavailableError} if the store can't be read
 */
export async function findManifest(reader: ObjectReader, pointed: Pointer | Error): Promise<FoundManifest> {
  let broken: Error;
  try {
    if (pointed instanceof Error) throw pointed;
    return { manifest: await readPointed(reader, pointed), faults: [] };
  } catch (error) {
    if (!isLasting(error)) throw error;
    broken = error;
  }
  const before = pointed instanceof Error ? null : pointed.version;
  for (const version of (await storedVersions(reader, before)).slice(0, TRIES)) {
    try {
      const manifest = await readManifest(reader, version);
      if (manifest) return { manifest, faults: [faultOf("newest_manifest", broken)] };
    } catch (error) {
      if (!isLasting(error)) throw error;
    }
  }
  throw broken;
}

/** Versions of the stored manifests, newest first. */
async function storedVersions(reader: ObjectReader, before: string | null): Promise<string[]> {
  const versions: string[] = [];
  for await (const { key } of reader.list(prefixOf("manifests"))) {
    const version = partsOf("manifests", key)?.version;
    if (version && (before === null || version < before)) versions.push(version);
  }
  return versions.sort().reverse();
}
