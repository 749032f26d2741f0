import { encodeManifest } from "../../core/manifests/encode-manifest.ts";
import type { Manifest } from "../../core/manifests/manifest.ts";
import { manifestVersion } from "../../core/manifests/manifest-version.ts";
import { InvalidInputError } from "../../core/vocabulary/errors.ts";
import { getVerified, putImmutable, sha256Hex } from "../object-store/immutable.ts";
import type { ObjectReader, ObjectStore } from "../object-store/object-store.ts";
import { namedObjects } from "./named-objects.ts";
import { publish } from "./publish.ts";
import { readLatest, readManifest } from "./reader.ts";

export interface RollbackOptions {
  /** Recorded in the new manifest. */
  readonly reason: string;
  /** ms since the epoch */
  readonly now: number;
}

/**
 * Publishes the content of a former manifest again, over the one that is served now. What it names is read and checked
 * first, and written anew where it is old, so that no garbage collection takes it meanwhile.
 *
 * @returns `published` false where that content is what is served already
 * @throws {InvalidInputError} if the version was never published
 * @throws {CorruptObjectError} if something that it names is gone or damaged: nothing is published then
 */
export async function rollBack(
  store: ObjectStore,
  version: string,
  { reason, now }: RollbackOptions,
): Promise<{ manifest: Manifest; published: boolean }> {
  const target = await findInChain(store, version);
  if (!target) throw new InvalidInputError(`${store.url} has never served a manifest ${version}`);
  for (const ref of namedObjects(target)) await putImmutable(store, ref.key, await getVerified(store, ref), ref.rows);
  return publish(store, (previous) => {
    if (!previous) throw new InvalidInputError(`${store.url} serves no manifest`);
    const content = {
      ...target,
      previous: previous.version,
      createdAt: new Date(now).toISOString(),
      // Of a manifest that was itself a rollback, the one that its content was made for.
      rollback: { to: target.rollback?.to ?? version, from: previous.version, reason },
    };
    return { ...content, version: manifestVersion(now, sha256Hex(encodeManifest({ ...content, version: "" }))) };
  });
}

async function findInChain(reader: ObjectReader, version: string): Promise<Manifest | null> {
  for (let at = (await readLatest(reader))?.manifest ?? null; at; ) {
    if (at.version === version) return at;
    at = at.previous === null ? null : await readManifest(reader, at.previous);
  }
  return null;
}
