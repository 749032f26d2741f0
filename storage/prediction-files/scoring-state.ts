import { type OpenManifest, type ScoringState, UNSCORED_STORE } from "../../core/scoring/scoring-state.ts";
import { SchemaMismatchError } from "../../core/vocabulary/errors.ts";
import { keyOf } from "../layout.ts";
import { parseJson } from "../object-store/json-objects.ts";
import type { ObjectReader, ObjectStore } from "../object-store/object-store.ts";
import { update } from "../object-store/update.ts";

const KEY = keyOf("scoringState", {});
const SCHEMA = "candlecast.scoring/1";

/**
 * What scoring has done; of a store that was never scored, that it has done nothing.
 *
 * @throws {CorruptObjectError | SchemaMismatchError} if the stored object is not such a state; without it, all is looked at again
 */
export async function readScoringState(reader: ObjectReader): Promise<ScoringState> {
  const stored = await reader.get(KEY);
  return stored ? parse(stored.bytes) : UNSCORED_STORE;
}

/**
 * Changes the state by compare-and-swap. A state that stays the same is not written.
 *
 * @throws {StoreUnavailableError} if others changed it first again and again
 */
export async function updateScoringState(store: ObjectStore, change: (state: ScoringState) => ScoringState): Promise<void> {
  await update(store, KEY, parse, (stored) => {
    const after = encode(change(stored ?? UNSCORED_STORE));
    const isSame = Buffer.compare(after, encode(stored ?? UNSCORED_STORE)) === 0;
    return { bytes: isSame ? null : after, result: undefined };
  });
}

function encode({ newest, candlesSeen, open }: ScoringState): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify({ schema: SCHEMA, newest, candlesSeen, open }, null, 1)}\n`);
}

function parse(bytes: Uint8Array): ScoringState {
  const { schema, newest, candlesSeen, open } = (parseJson(KEY, bytes) ?? {}) as Partial<ScoringState & { schema: string }>;
  const isNewest = newest === null || typeof newest === "string";
  if (schema !== SCHEMA || !isNewest || typeof candlesSeen !== "number" || !Array.isArray(open) || !open.every(isOpen))
    throw new SchemaMismatchError(`${KEY} is not of schema ${SCHEMA}; if it is deleted, all kept forecasts are looked at again`);
  return { newest, candlesSeen, open };
}

function isOpen(value: unknown): value is OpenManifest {
  const { version, forecasts, dueAt } = (value ?? {}) as Partial<OpenManifest>;
  return typeof version === "string" && typeof forecasts?.key === "string" && typeof dueAt === "number";
}
