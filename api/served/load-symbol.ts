import type { FeatureMatrix } from "../../core/features/feature-matrix.ts";
import type { Manifest, ModelEntry, SymbolEntry } from "../../core/manifests/manifest.ts";
import { decodeModel } from "../../core/models/file/model-file.ts";
import type { Model } from "../../core/models/model.ts";
import { forecastSymbol } from "../../core/serving/forecast-symbol.ts";
import { SchemaMismatchError } from "../../core/vocabulary/errors.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { decodeFeatures } from "../../storage/feature-files/feature-files.ts";
import { getVerified } from "../../storage/object-store/immutable.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import { loadReport } from "./load-report.ts";
import type { LoadedRow, LoadedSymbol, Served } from "./served.ts";

/** How many closes the dashboard shows. */
const RECENT_CLOSES = 90;

/** Models by file, each read and checked once. */
export interface ModelShelf {
  /** @throws {CorruptObjectError | SchemaMismatchError | StoreUnavailableError} */
  read(file: ObjectRef): Promise<Model>;
}

/** A shelf that takes what is already loaded with the former manifest. A broken file is broken for each coin that names it. */
export function createModelShelf(reader: ObjectReader, former: Served | null): ModelShelf {
  const known = former ? fileDigests(former) : new Map<string, string>();
  const read = new Map<string, Promise<Model>>();
  const load = async (file: ObjectRef): Promise<Model> => {
    const kept = known.get(file.key) === file.sha256 ? former?.models.get(file.key) : undefined;
    return kept ?? decodeModel(await getVerified(reader, file));
  };
  return {
    read(file) {
      const id = `${file.key} ${file.sha256}`;
      const found = read.get(id) ?? load(file);
      read.set(id, found);
      return found;
    },
  };
}

function fileDigests({ symbols }: Served): Map<string, string> {
  const files = [...symbols.values()].flatMap(({ entry }) => entry.models.flatMap(({ file }) => (file ? [file] : [])));
  return new Map(files.map(({ key, sha256 }) => [key, sha256]));
}

export interface SymbolToLoad {
  readonly manifest: Manifest;
  readonly entry: SymbolEntry;
  /** version of the newest manifest, where `manifest` is an older one */
  readonly insteadOf: string | null;
  readonly shelf: ModelShelf;
  readonly former: Served | null;
}

/**
 * Reads all objects that a symbol's predictions need and makes the prediction once, so that no request meets a broken object.
 * What is already loaded with the former manifest is not read again.
 *
 * @throws {CorruptObjectError | SchemaMismatchError | StoreUnavailableError} naming what is wrong
 */
export async function loadSymbol(
  reader: ObjectReader,
  { manifest, entry, insteadOf, shelf, former }: SymbolToLoad,
): Promise<{ readonly loaded: LoadedSymbol; readonly models: ReadonlyMap<string, Model> }> {
  const row = await loadRow(reader, entry, former);
  const models = new Map<string, Model>();
  for (const described of entry.models) {
    if (!described.file) continue;
    const model = await shelf.read(described.file);
    checkModel(entry, described, model, row);
    models.set(described.file.key, model);
  }
  const horizon = commonHorizon(entry, [...models.values()], manifest.horizon);
  forecastSymbol({ manifest, insteadOf, entry, row, horizon, models, now: row.openTime });
  const { report, faults } = await loadReport(reader, entry, former?.symbols.get(entry.symbol));
  return { loaded: { entry, manifest, insteadOf, row, horizon, report, faults }, models };
}

async function loadRow(reader: ObjectReader, entry: SymbolEntry, former: Served | null): Promise<LoadedRow> {
  const known = former?.symbols.get(entry.symbol);
  if (known && known.entry.features.key === entry.features.key && known.entry.features.sha256 === entry.features.sha256) return known.row;
  return newestRow(entry, decodeFeatures(await getVerified(reader, entry.features)));
}

function newestRow({ symbol, features }: SymbolEntry, matrix: FeatureMatrix): LoadedRow {
  if (matrix.symbol !== symbol) throw new SchemaMismatchError(`${features.key} of ${symbol} holds features of ${matrix.symbol}`);
  const last = matrix.openTime.length - 1;
  if (last < 0) throw new SchemaMismatchError(`${features.key} of ${symbol} holds no row`);
  return {
    interval: matrix.interval,
    openTime: matrix.openTime[last],
    close: matrix.close[last],
    recentCloses: matrix.close.slice(-RECENT_CLOSES),
    volatility: matrix.volatility[last],
    featureSet: matrix.featureSet.digest,
    names: matrix.names,
    columns: matrix.columns.map((column) => column.slice(last)),
  };
}

function checkModel({ symbol, features }: SymbolEntry, { name, scope, file }: ModelEntry, model: Model, row: LoadedRow): void {
  if (model.algorithm !== name || model.scope !== scope)
    throw new SchemaMismatchError(`${file?.key} of ${symbol} is a ${model.scope} ${model.algorithm}, not a ${scope} ${name}`);
  if (model.featureSet.digest !== row.featureSet)
    throw new SchemaMismatchError(`${features.key} of ${symbol} is of another feature set than its ${name} learned from`);
}

function commonHorizon({ symbol }: SymbolEntry, models: readonly Model[], ofManifest: number): number {
  const horizons = [...new Set(models.map(({ horizon }) => horizon))];
  if (horizons.length > 1) throw new SchemaMismatchError(`the models of ${symbol} differ in horizon: ${horizons.join(", ")}`);
  return horizons[0] ?? ofManifest;
}
