import { randomUUID } from "node:crypto";
import { StoreUnavailableError } from "../../core/vocabulary/errors.ts";
import type { ObjectStore, PutCondition } from "../object-store/object-store.ts";

/**
 * Races two conditional puts of each kind on the store: where both win, a publisher could lose another's manifest.
 *
 * @throws {StoreUnavailableError} naming a store that does not keep conditions
 */
export async function assertConditionalPuts(store: ObjectStore): Promise<void> {
  const key = `probes/${randomUUID()}`;
  try {
    await race(store, key, { ifAbsent: true });
    const { etag } = (await store.get(key)) ?? { etag: "" };
    await race(store, key, { ifMatch: etag });
  } finally {
    await store.delete(key);
  }
}

async function race(store: ObjectStore, key: string, condition: PutCondition): Promise<void> {
  const tries = ["a", "b"].map((text) => store.put(key, new TextEncoder().encode(`${text} ${Object.keys(condition)[0]}`), condition));
  const results = await Promise.allSettled(tries);
  const won = results.filter(({ status }) => status === "fulfilled").length;
  if (won === 2)
    throw new StoreUnavailableError(
      `${store.url} let two puts with ${Object.keys(condition)[0]} win at once: nothing can be published there safely`,
    );
  if (won === 0) throw (results[0] as PromiseRejectedResult).reason;
}
