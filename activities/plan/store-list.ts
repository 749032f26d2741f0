import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { writeListPart } from "../../storage/list-files/list-file.ts";
import type { ActivityDependencies } from "../dependencies.ts";

export interface StoreListInput {
  readonly items: readonly unknown[];
}

/** Stores a part of a list that is too long to travel. */
export function storeList({ store }: ActivityDependencies, { items }: StoreListInput): Promise<ObjectRef> {
  return writeListPart(store, items);
}
