import type { Outcome } from "../../core/scoring/outcome.ts";
import { type OutcomesUpdate, type UpdatedOutcomes, updateOutcomes } from "../../core/scoring/update-outcomes.ts";
import { type KeyParts, keyOf, partsOf, prefixOf } from "../layout.ts";
import type { ObjectReader, ObjectStore } from "../object-store/object-store.ts";
import { update } from "../object-store/update.ts";
import { decodeOutcomes, encodeOutcomes } from "./outcome-file.ts";

/** A coin's outcomes whose target candles lie in one period, as candles are divided. */
export type OutcomePlace = KeyParts<"outcomes">;

/** The places that hold outcomes: all, or those of an interval or a coin. A coin's are in the order of time. */
export async function* outcomePlaces(reader: ObjectReader, of: Partial<OutcomePlace> = {}): AsyncGenerator<OutcomePlace> {
  for await (const { key } of reader.list(prefixOf("outcomes", of))) {
    const place = partsOf("outcomes", key);
    if (place) yield place;
  }
}

/** The outcomes of a place, ordered by target, forecast and scoring. */
export async function readOutcomes(reader: ObjectReader, place: OutcomePlace): Promise<Outcome[]> {
  const key = keyOf("outcomes", place);
  const stored = await reader.get(key);
  return stored ? decodeOutcomes(stored.bytes, { key, interval: place.interval }) : [];
}

/**
 * Adds forecasts to the outcomes of a place, and scores all that can be scored, by compare-and-swap. A file that stays the same
 * is not written.
 *
 * @throws {StoreUnavailableError} if others changed it first again and again
 */
export function scoreOutcomes(store: ObjectStore, place: OutcomePlace, change: OutcomesUpdate): Promise<Omit<UpdatedOutcomes, "outcomes">> {
  const key = keyOf("outcomes", place);
  return update(
    store,
    key,
    (bytes) => decodeOutcomes(bytes, { key, interval: place.interval }),
    (stored) => {
      const { outcomes, ...counts } = updateOutcomes(stored ?? [], change);
      const isSame = counts.added + counts.scored + counts.rescored === 0;
      return { bytes: isSame ? null : encodeOutcomes(outcomes), result: counts };
    },
  );
}
