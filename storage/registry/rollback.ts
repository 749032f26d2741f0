import type { Manifest } from "../../core/manifests/manifest.ts";
import { sealVersion } from "../../core/manifests/seal-version.ts";
import { InvalidInputError } from "../../core/vocabulary/errors.ts";
import { getVerified, putImmutable } from "../object-store/immutable.ts";
import type { ObjectStore } from "../object-store/object-store.ts";
import { findInChain } from "./chain.ts";
import { namedObjects } from "./named-objects.ts";
import { type PublishOptions, publish } from "./publish.ts";
import { readLatest } from "./reader.ts";

export interface RollbackOptions extends Pick<PublishOptions, "complete"> {
  /** Recorded in the new manifest. */
  readonly reason: string;
  /** ms since the epoch */
  readonly now: number;
}

/**
 * Publishes the content of a former manifest again, in place of the one that is served now. All objects that it names are read
 * and checked first. Old ones are written again, so that garbage collection doesn't delete them meanwhile.
 *
 * @returns `published` is false if that content is served already
 * @throws {InvalidInputError} if the version was never published
 * @throws {CorruptObjectError} if an object that it names is gone or damaged; then nothing is published
 */
export async function rollBack(
  store: ObjectStore,
  version: string,
  { reason, now, complete }: RollbackOptions,
): Promise<{ manifest: Manifest; published: boolean }> {
  const latest = await readLatest(store);
  const target = await findInChain(store, latest?.manifest ?? null, (manifest) => manifest.version === version);
  if (!target) throw new InvalidInputError(`${store.url} has never served manifest ${version}`);
  // The former manifest's forecasts are its own.
  const { forecasts: _, ...content } = target;
  for (const ref of namedObjects(content)) await putImmutable(store, ref.key, await getVerified(store, ref), ref.rows);
  const build = (previous: Manifest | null): Manifest => {
    if (!previous) throw new InvalidInputError(`${store.url} serves no manifest`);
    return sealVersion({
      ...content,
      previous: previous.version,
      createdAt: new Date(now).toISOString(),
      // Where the target is itself a rollback, the manifest that its content was made for.
      rollback: { to: target.rollback?.to ?? version, from: previous.version, reason },
    });
  };
  return publish(store, build, { complete });
}
