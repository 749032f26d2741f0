import { PreconditionFailedError } from "../../core/vocabulary/errors.ts";
import { currentKey, formerKey, formerPrefix, movedKinds, prefixOf } from "../layout.ts";
import type { ObjectInfo, ObjectStore, StoredObject } from "./object-store.ts";

/** Marks the etag of an object that was read under its former key. */
const FORMER = "former:";

/**
 * The same store, in which objects that still lie under their former keys are found under their current ones. A put that replaces
 * such an object stores it under the current key and removes the former one. Where both are there, the current one counts;
 * `candlecast migrate` joins them.
 */
export function withFormerKeys(store: ObjectStore): ObjectStore {
  return {
    ...store,
    async get(key) {
      const current = currentKey(key);
      const former = formerKey(key);
      return (await store.get(current)) ?? (former === null ? null : asFormer(await store.get(former)));
    },
    async stat(key) {
      const current = currentKey(key);
      const former = formerKey(key);
      const found = (await store.stat(current)) ?? (former === null ? null : await store.stat(former));
      return found && { ...found, key };
    },
    list: (prefix) => listBoth(store, prefix),
    async put(key, bytes, condition) {
      const former = formerKey(key);
      if (former === null || !("ifMatch" in condition) || !condition.ifMatch.startsWith(FORMER)) return store.put(key, bytes, condition);
      const etag = condition.ifMatch.slice(FORMER.length);
      const isAsRead = async () => (await store.get(former))?.etag === etag;
      if (!(await isAsRead())) throw new PreconditionFailedError(`${former} in ${store.url} was changed by another writer`);
      const written = await store.put(key, bytes, { ifAbsent: true });
      if (await isAsRead()) await store.delete(former);
      return written;
    },
    async delete(key) {
      const former = formerKey(key);
      if (former !== null) await store.delete(former);
      await store.delete(currentKey(key));
    },
  };
}

function asFormer(found: StoredObject | null): StoredObject | null {
  return found && { ...found, etag: `${FORMER}${found.etag}` };
}

/** Objects by their current keys, in order, each once. */
async function* listBoth(store: ObjectStore, prefix: string): AsyncGenerator<ObjectInfo> {
  const other = whereBefore(prefix);
  if (other === null) {
    yield* store.list(prefix);
    return;
  }
  const moved = new Map<string, ObjectInfo>();
  for await (const found of store.list(other)) {
    const key = currentKey(found.key);
    if (key !== found.key && key.startsWith(prefix)) moved.set(key, { ...found, key });
  }
  const waiting = [...moved.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  for await (const found of store.list(prefix)) {
    if (currentKey(found.key) !== found.key) continue;
    while (waiting.length > 0 && waiting[0].key < found.key) yield waiting.shift() as ObjectInfo;
    if (waiting[0]?.key === found.key) waiting.shift();
    yield found;
  }
  yield* waiting;
}

/** What the former keys of objects with a prefix begin with; null where none of them ever moved. */
function whereBefore(prefix: string): string | null {
  for (const kind of movedKinds()) {
    const start = prefixOf(kind);
    if (start.startsWith(prefix)) return prefix;
    if (!prefix.startsWith(start)) continue;
    return formerPrefix(kind, prefix);
  }
  return null;
}
