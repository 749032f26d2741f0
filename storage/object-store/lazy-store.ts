import type { ObjectStore } from "./object-store.ts";

/**
 * A store that is opened with its first use, because its code is large.
 *
 * @param url as the opened store tells it
 */
export function lazyStore(url: string, open: () => Promise<ObjectStore>): ObjectStore {
  let opened: Promise<ObjectStore> | null = null;
  const store = () => {
    opened ??= open();
    return opened;
  };
  return {
    url,
    get: async (key) => (await store()).get(key),
    stat: async (key) => (await store()).stat(key),
    async *list(prefix) {
      yield* (await store()).list(prefix);
    },
    put: async (key, bytes, condition) => (await store()).put(key, bytes, condition),
    delete: async (key) => (await store()).delete(key),
    sweep: async (before) => (await store()).sweep?.(before),
    checkAddress: async () => (await store()).checkAddress?.(),
  };
}
