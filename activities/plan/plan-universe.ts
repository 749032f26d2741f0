import { splitSelectors } from "../../core/universe/selector.ts";
import { readLatest } from "../../storage/registry/reader.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import { planSymbols } from "./plan-run.ts";

export interface UniversePlan {
  /** Named ones. */
  readonly symbols: readonly string[];
  /** How many of the largest coins are wanted besides, and who ranks them; null where all symbols are named. */
  readonly top: { readonly count: number; readonly source: string } | null;
  /** Real coins of the newest manifest, where they matter. */
  readonly former: readonly string[];
}

/**
 * What a run's symbols are, as far as no source has to be asked for it.
 *
 * @throws {InvalidInputError} if the source is unknown
 */
export async function planUniverse(
  { store, settings, sources }: ActivityDependencies,
  input: { readonly symbols?: readonly string[]; readonly source?: string },
): Promise<UniversePlan> {
  const { symbols, top } = splitSelectors(input.symbols ?? settings.symbols);
  if (top === null) return { symbols, top: null, former: [] };
  const entries = Object.values((await readLatest(store))?.manifest.symbols ?? {});
  const ranking = planSymbols({ settings, sources }, ["BTC"], input.source)[0].sources.find((source) => sources[source].rankCoins);
  return {
    symbols,
    // A source that ranks nothing gives its candles to coins that another one ranks.
    top: { count: top, source: ranking ?? "binance" },
    former: entries.filter(({ simulated, status }) => !simulated && status === "fresh").map(({ symbol }) => symbol),
  };
}
