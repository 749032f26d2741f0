import type { Manifest } from "../../core/manifests/manifest.ts";
import type { ObjectReader } from "../object-store/object-store.ts";
import { readManifest } from "./reader.ts";

/** A version in the chain. */
export interface Link<Read> {
  readonly version: string;
  /** null: the chain is broken here, because there is no such manifest, or the chain has been there already */
  readonly manifest: Read | null;
}

/**
 * Manifests from one back to the first, each the `previous` of the one before it. Where the chain is broken, the last link has
 * no manifest.
 *
 * @param from a version, or a manifest that was read already; null: no chain at all
 */
export function chain(reader: ObjectReader, from: Manifest | string | null): AsyncGenerator<Link<Manifest>> {
  if (from === null || typeof from === "string") return walk(from, (version) => readManifest(reader, version));
  return walk(from.version, async (version) => (version === from.version ? from : readManifest(reader, version)));
}

/** As {@link chain}, with another way to read a version. */
export async function* walk<Read extends { readonly previous: string | null }>(
  from: string | null,
  read: (version: string) => Promise<Read | null>,
): AsyncGenerator<Link<Read>> {
  const seen = new Set<string>();
  for (let version = from; version !== null; ) {
    const manifest: Read | null = seen.has(version) ? null : await read(version);
    seen.add(version);
    yield { version, manifest };
    version = manifest?.previous ?? null;
  }
}

/** The first manifest of the chain with this property; null where none has it before the chain ends or is broken. */
export async function findInChain(
  reader: ObjectReader,
  from: Manifest | null,
  isWanted: (manifest: Manifest) => boolean,
): Promise<Manifest | null> {
  for await (const { manifest } of chain(reader, from)) if (manifest && isWanted(manifest)) return manifest;
  return null;
}
