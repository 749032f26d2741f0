import type { CandleSeries } from "../../core/candles/candle-series.ts";
import { concatSeries, filterSeries } from "../../core/candles/series-verbs.ts";
import { continuousSeries } from "../../core/candles/suspect-jumps.ts";
import { computeFeatures } from "../../core/features/compute-features.ts";
import type { FeatureMatrix } from "../../core/features/feature-matrix.ts";
import type { SymbolEntry } from "../../core/manifests/manifest.ts";
import { SchemaMismatchError } from "../../core/vocabulary/errors.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";
import { decodeCandles } from "../../storage/candle-files/candle-file.ts";

/**
 * An entry's features, made again from its candle files as the pipeline made them.
 *
 * @param files by key, all of the entry's candle files
 * @throws {CorruptObjectError | SchemaMismatchError} if they aren't the candles that the entry describes
 */
export async function remakeFeatures(
  { symbol, candles }: SymbolEntry,
  { files, interval }: { readonly files: ReadonlyMap<string, Uint8Array>; readonly interval: Interval },
): Promise<FeatureMatrix> {
  const parts: CandleSeries[] = [];
  for (const { key } of candles.objects) parts.push(await decodeCandles(files.get(key) as Uint8Array, { key, symbol, interval }));
  const all = concatSeries({ symbol, interval }, parts);
  // A run whose clock was set to the past used only what had closed by then.
  const last = Date.parse(candles.lastOpenTime);
  const used = filterSeries(all, (row) => all.openTime[row] <= last);
  if (used.length !== candles.rows)
    throw new SchemaMismatchError(`the files hold ${used.length} candles up to ${candles.lastOpenTime}, not ${candles.rows}`);
  // Versions that looked for no jumps used all candles.
  return computeFeatures(candles.suspectJumps ? continuousSeries(used).series : used);
}
