import { PreconditionFailedError } from "../core/vocabulary/errors.ts";
import type { ObjectStore } from "../storage/object-store/object-store.ts";
import type { Tracing } from "./tracing.ts";

/** The same store, each put in a span. A condition that doesn't hold is an answer, not a failure. */
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
