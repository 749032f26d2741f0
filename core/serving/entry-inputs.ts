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
  const agreed = agreedHorizon(entry, { models, featureSet: matrix.featureSet.digest, otherwise: horizon });
  return { row: newestRow(entry, matrix), horizon: agreed, models };
}

/**
 * How far ahead the models of an entry look, all of which are what the entry says of them.
 *
 * @param featureSet digest of the feature set of the row that they are to read
 * @param otherwise candles ahead, for an entry without model files
 * @throws {SchemaMismatchError} if a model is another one, or learned from other features, or they differ in horizon
 */
export function agreedHorizon(
  { symbol, features, models: described }: SymbolEntry,
  { models, featureSet, otherwise }: { models: ReadonlyMap<string, Model>; featureSet: string; otherwise: number },
): number {
  const horizons = new Set<number>();
  for (const { name, scope, file } of described) {
    const model = file && models.get(file.key);
    if (!model) continue;
    if (model.algorithm !== name || model.scope !== scope)
      throw new SchemaMismatchError(`${file.key} of ${symbol} is a ${model.scope} ${model.algorithm}, not a ${scope} ${name}`);
    if (model.featureSet.digest !== featureSet)
      throw new SchemaMismatchError(`${features.key} of ${symbol} is of another feature set than its ${name} learned from`);
    horizons.add(model.horizon);
  }
  if (horizons.size > 1) throw new SchemaMismatchError(`the models of ${symbol} differ in horizon: ${[...horizons].join(", ")}`);
  return [...horizons][0] ?? otherwise;
}

/**
 * The newest row of an entry's features.
 *
 * @throws {SchemaMismatchError} if they are another coin's, or empty
 */
export function newestRow({ symbol, features }: Pick<SymbolEntry, "symbol" | "features">, matrix: FeatureMatrix): NewestRow {
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
