import { keyOf } from "../../storage/layout.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import { type OutcomePlace, outcomePlaces } from "../../storage/prediction-files/outcome-store.ts";
import { changedCandles } from "../../storage/prediction-files/target-candles.ts";

/** Candle files that were written so long before the newest one seen are looked at again: a store's clock need not be one clock. */
const CLOCK_MARGIN_MS = 600_000;

/**
 * The places with outcomes whose candle files were written since the last look, and when the newest candle file was written, ms by
 * the store's clock.
 *
 * @param options `seen`: that time at the last look; `added`: places that will have outcomes after this round
 */
export async function findChanged(
  reader: ObjectReader,
  { seen, added }: { seen: number; added: readonly OutcomePlace[] },
): Promise<{ places: OutcomePlace[]; newest: number }> {
  const places = new Map(added.map((place) => [keyOf("outcomes", place), place]));
  for await (const place of outcomePlaces(reader)) places.set(keyOf("outcomes", place), place);
  const changed: OutcomePlace[] = [];
  let newest = 0;
  for (const interval of new Set([...places.values()].map((place) => place.interval))) {
    const found = await changedCandles(reader, interval, seen - CLOCK_MARGIN_MS);
    newest = Math.max(newest, found.newest);
    changed.push(...found.changed.filter((place) => places.has(keyOf("outcomes", place))));
  }
  return { places: changed, newest };
}
