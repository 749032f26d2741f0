import type { ObjectRef } from "../core/vocabulary/object-ref.ts";

/** What came of a symbol's candles, as far as later steps read it in a stored list. */
export interface KeptOutcome {
  readonly result: { readonly symbol: string; readonly error: string | null };
  /** The stored description of candles and features; null where the symbol failed. */
  readonly snapshot: ObjectRef | null;
}
