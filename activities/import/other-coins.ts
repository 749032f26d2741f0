import { compareSeries, type SeriesComparison } from "../../core/candles/compare-series.ts";
import { compareWithStored, storedSymbols } from "../../storage/candle-files/candle-store.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import { candleBatches, cleanBatch } from "./candle-batches.ts";
import type { InspectedFile } from "./inspect-file.ts";

/**
 * Symbols of a file whose candles are not of the stored coin, currency or unit, each with the reason. The whole file is compared before
 * any of it is stored, because only some of its candles may meet stored ones.
 */
export async function findOtherCoins(
  { store, now }: ActivityDependencies,
  inspected: InspectedFile,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const stored = new Set(await storedSymbols(store, inspected.interval));
  const comparisons = new Map<string, SeriesComparison>();
  for (const symbol of Object.keys(inspected.listedFrom)) if (stored.has(symbol)) comparisons.set(symbol, compareSeries());
  if (comparisons.size === 0) return new Map();
  for await (const { bySymbol } of candleBatches(inspected)) {
    signal.throwIfAborted();
    for (const [symbol, rows] of bySymbol) {
      const comparison = comparisons.get(symbol);
      if (comparison) await compareWithStored(store, cleanBatch(symbol, rows, inspected, now()).series, comparison);
    }
  }
  const others = [...comparisons].flatMap(([symbol, comparison]) => {
    const verdict = comparison.verdict();
    return verdict.same ? [] : [[symbol, verdict.reason] as const];
  });
  return new Map(others);
}
