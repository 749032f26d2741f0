import { CorruptObjectError } from "../../core/errors.ts";
import type { Manifest, ObjectRef } from "../../core/manifests/manifest.ts";
import { getVerified } from "../object-store/immutable.ts";
import type { ObjectReader } from "../object-store/object-store.ts";

/** The immutable objects that a manifest names, each once. Candle files are not among them: they go on changing. */
export function namedObjects(manifest: Pick<Manifest, "symbols">): ObjectRef[] {
  const refs = Object.values(manifest.symbols).flatMap(({ features, evaluation, models }) => [
    features,
    evaluation,
    ...models.flatMap(({ file }) => (file ? [file] : [])),
  ]);
  return [...new Map(refs.map((ref) => [ref.key, ref])).values()];
}

/** @throws {CorruptObjectError} naming the first object that is gone, or is not what its reference says */
export async function assertWhole(reader: ObjectReader, manifest: Manifest): Promise<void> {
  for (const ref of namedObjects(manifest)) await getVerified(reader, ref);
}

/**
 * A look at what is about to be named, without reading it.
 *
 * @throws {CorruptObjectError} naming the first object that is gone
 */
export async function assertStored(reader: ObjectReader, refs: readonly ObjectRef[]): Promise<void> {
  for (const { key } of refs) {
    let found = false;
    for await (const info of reader.list(key)) if (info.key === key) found = true;
    if (!found) throw new CorruptObjectError(`${key} is missing from ${reader.url}`);
  }
}
