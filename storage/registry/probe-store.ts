import { randomUUID } from "node:crypto";
import { PreconditionFailedError, StoreUnavailableError } from "../../core/vocabulary/errors.ts";
import { keyOf } from "../layout.ts";
import type { ObjectStore, PutCondition } from "../object-store/object-store.ts";

/**
 * Races two conditional puts of each kind on the store. If both win, the store ignores conditions, and publishers could overwrite
 * each other's manifests.
 *
 * @throws {StoreUnavailableError} if both win
 */
export async function assertConditionalPuts(store: ObjectStore): Promise<void> {
  const key = keyOf("probes", { uuid: randomUUID() });
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
      `${store.url} accepted two conflicting puts with ${Object.keys(condition)[0]}: nothing can be published there safely; use a store with conditional puts`,
    );
  if (won > 0) return;
  // One may have lost to the other, whose answer then says what is wrong with the store.
  const reasons = results.flatMap((result) => (result.status === "rejected" ? [result.reason as Error] : []));
  throw reasons.find((reason) => !(reason instanceof PreconditionFailedError)) ?? reasons[0];
}
