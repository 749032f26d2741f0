import type { SymbolSources } from "../../core/universe/symbol-sources.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";
import type { ObjectReader } from "../object-store/object-store.ts";
import { readCoverage } from "./candle-store.ts";

/**
 * The same symbols; one that has stored candles from one of its sources keeps that source alone: another one's coin of that name may be
 * another coin.
 *
 * @param sourceOf the source of a publisher that candles are stored under
 */
export async function keepStoredSources(
  reader: ObjectReader,
  symbols: readonly SymbolSources[],
  interval: Interval,
  sourceOf: (publisher: string) => string = (publisher) => publisher,
): Promise<SymbolSources[]> {
  const kept: SymbolSources[] = [];
  for (const { symbol, sources } of symbols) {
    const stored = sources.length > 1 ? await readCoverage(reader, symbol, interval) : null;
    const source = stored && sourceOf(stored.lastSource);
    kept.push({ symbol, sources: source !== null && sources.includes(source) ? [source] : sources });
  }
  return kept;
}
