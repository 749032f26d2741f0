import { isStored, type Listed, MOST_LISTED } from "../../core/vocabulary/listed.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { keyOf } from "../layout.ts";
import { putJson, readJson } from "../object-store/json-objects.ts";
import type { ObjectReader, ObjectStore } from "../object-store/object-store.ts";

/** Stores a part of a list; the same items have the same key. */
export function writeListPart(store: ObjectStore, items: readonly unknown[]): Promise<ObjectRef> {
  return putJson(store, (digest) => keyOf("lists", { digest }), items);
}

/** A list as it may travel: a long one is stored. */
export async function listed<T>(store: ObjectStore, items: readonly T[]): Promise<Listed<T>> {
  if (items.length <= MOST_LISTED) return items;
  const parts: ObjectRef[] = [];
  for (let i = 0; i < items.length; i += MOST_LISTED) parts.push(await writeListPart(store, items.slice(i, i + MOST_LISTED)));
  return { length: items.length, parts };
}

/**
 * The items of a list, wherever they are.
 *
 * @throws {CorruptObjectError} if a part is gone, or its bytes are not what the reference says
 */
export async function readListed<T>(reader: ObjectReader, list: Listed<T>): Promise<readonly T[]> {
  if (!isStored(list)) return list;
  const parts = await Promise.all(list.parts.map((part) => readJson<readonly T[]>(reader, part)));
  return parts.flat();
}
