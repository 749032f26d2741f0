import type { SymbolSources } from "../../core/universe/symbol-sources.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";
import type { ObjectReader } from "../object-store/object-store.ts";
import { readCoverage } from "./candle-store.ts";

/**
 * The same symbols; one that has stored candles from one of its sources keeps that source alone: another one's coin of that name may be
 * another coin.
 */
export async function keepStoredSources(
  reader: ObjectReader,
  symbols: readonly SymbolSources[],
  interval: Interval,
): Promise<SymbolSources[]> {
  const kept: SymbolSources[] = [];
  for (const { symbol, sources } of symbols) {
    const stored = sources.length > 1 ? await readCoverage(reader, symbol, interval) : null;
    kept.push({ symbol, sources: stored && sources.includes(stored.lastSource) ? [stored.lastSource] : sources });
  }
  return kept;
}
