import type { FeatureMatrix } from "../features/feature-matrix.ts";
import type { SymbolEntry } from "../manifests/manifest.ts";
import type { Model } from "../models/model.ts";
import { SchemaMismatchError } from "../vocabulary/errors.ts";
import type { NewestRow } from "./newest-row.ts";

/** What the forecasts of an entry are made from, once its objects were read. */
export interface EntryInputs {
  readonly row: NewestRow;
  /** candles ahead */
  readonly horizon: number;
  /** fitted models by the key of their file */
  readonly models: ReadonlyMap<string, Model>;
}

/**
 * The inputs of an entry's forecasts, checked against what the entry says of them.
 *
 * @param horizon the manifest's, for an entry without model files
 * @throws {SchemaMismatchError} if features or models are not those of the entry
 */
export function entryInputs(
  entry: SymbolEntry,
  { matrix, models, horizon }: { matrix: FeatureMatrix; models: ReadonlyMap<string, Model>; horizon: number },
): EntryInputs {
  const { symbol, features } = entry;
  const horizons = new Set<number>();
  for (const { name, scope, file } of entry.models) {
    const model = file && models.get(file.key);
    if (!model) continue;
    if (model.algorithm !== name || model.scope !== scope)
      throw new SchemaMismatchError(`${file.key} of ${symbol} is a ${model.scope} ${model.algorithm}, not a ${scope} ${name}`);
    if (model.featureSet.digest !== matrix.featureSet.digest)
      throw new SchemaMismatchError(`${features.key} of ${symbol} is of another feature set than its ${name} learned from`);
    horizons.add(model.horizon);
  }
  if (horizons.size > 1) throw new SchemaMismatchError(`the models of ${symbol} differ in horizon: ${[...horizons].join(", ")}`);
  return { row: newestRow(entry, matrix), horizon: [...horizons][0] ?? horizon, models };
}

function newestRow({ symbol, features }: SymbolEntry, matrix: FeatureMatrix): NewestRow {
  if (matrix.symbol !== symbol) throw new SchemaMismatchError(`${features.key} of ${symbol} holds features of ${matrix.symbol}`);
  const last = matrix.openTime.length - 1;
  if (last < 0) throw new SchemaMismatchError(`${features.key} of ${symbol} holds no row`);
  return {
    interval: matrix.interval,
    openTime: matrix.openTime[last],
    close: matrix.close[last],
    volatility: matrix.volatility[last],
    names: matrix.names,
    columns: matrix.columns.map((column) => column.slice(last)),
  };
}
