import type { Manifest } from "../../core/manifests/manifest.ts";
import { objectRefs } from "../../core/manifests/object-refs.ts";
import { CorruptObjectError } from "../../core/vocabulary/errors.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { kindOf } from "../layout.ts";
import type { ObjectReader } from "../object-store/object-store.ts";

/** The immutable objects that a manifest names, anywhere in it. Candle files are not among them, because they go on changing. */
export function namedObjects(manifest: Pick<Manifest, "symbols">): ObjectRef[] {
  return objectRefs(manifest)
    .map(({ ref }) => ref)
    .filter(({ key }) => kindOf(key) !== "candles");
}

/**
 * Checks, without reading them, that objects which a manifest is about to name are stored.
 *
 * @throws {CorruptObjectError} naming the first object that is gone
 */
export async function assertStored(reader: ObjectReader, refs: readonly ObjectRef[]): Promise<void> {
  for (const { key } of refs) if (!(await reader.stat(key))) throw new CorruptObjectError(`${key} is missing from ${reader.url}`);
}
