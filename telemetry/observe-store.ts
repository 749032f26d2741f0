import { PreconditionFailedError } from "../core/vocabulary/errors.ts";
import type { ObjectStore } from "../storage/object-store/object-store.ts";
import type { Tracing } from "./tracing.ts";

/** The same store, with each put traced in a span. A put whose condition doesn't hold is not a failed span. */
export function observeStore(store: ObjectStore, tracing: Tracing | null): ObjectStore {
  if (!tracing) return store;
  return {
    ...store,
    put: (key, bytes, condition) =>
      tracing.span(
        "store put",
        {
          kind: "CLIENT",
          attributes: { key, bytes: bytes.length, condition: "ifAbsent" in condition ? "if-absent" : "if-match" },
          expected: (error) => error instanceof PreconditionFailedError,
        },
        () => store.put(key, bytes, condition),
      ),
  };
}
