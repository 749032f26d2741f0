import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { keyOf } from "../layout.ts";
import { getVerified, putImmutable } from "../object-store/immutable.ts";
import { parseJson, putJson } from "../object-store/json-objects.ts";
import type { ObjectStore } from "../object-store/object-store.ts";

/** Stores the windows that a backfill is to fetch; the same windows have the same key. */
export function writePlan(store: ObjectStore, windows: readonly unknown[]): Promise<ObjectRef> {
  return putJson(store, (digest) => keyOf("backfillPlans", { digest }), windows);
}

/**
 * The windows of a stored plan. A plan that is old is written again, so that garbage collection takes none from a backfill
 * that lasts longer than the grace period.
 *
 * @throws {CorruptObjectError} if the plan is gone, or its bytes are not what the reference says
 */
export async function readPlan<Window>(store: ObjectStore, ref: ObjectRef): Promise<Window[]> {
  const bytes = await getVerified(store, ref);
  await putImmutable(store, ref.key, bytes, ref.rows);
  return parseJson(ref.key, bytes) as Window[];
}
