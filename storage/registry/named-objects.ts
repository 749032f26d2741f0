import type { Manifest } from "../../core/manifests/manifest.ts";
import { objectRefs } from "../../core/manifests/object-refs.ts";
import { CorruptObjectError } from "../../core/vocabulary/errors.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { isCandleFile } from "../candle-files/candles-of-then.ts";
import { getVerified } from "../object-store/immutable.ts";
import type { ObjectReader } from "../object-store/object-store.ts";

/** The immutable objects that a manifest names, wherever in it. Candle files are not among them: they go on changing. */
export function namedObjects(manifest: Pick<Manifest, "symbols">): ObjectRef[] {
  return objectRefs(manifest)
    .map(({ ref }) => ref)
    .filter(({ key }) => !isCandleFile(key));
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
