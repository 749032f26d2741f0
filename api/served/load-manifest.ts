import type { FeatureMatrix } from "../../core/features/feature-matrix.ts";
import type { Manifest, ModelEntry, SymbolEntry } from "../../core/manifests/manifest.ts";
import { decodeModel } from "../../core/models/file/model-file.ts";
import type { Model } from "../../core/models/model.ts";
import { SchemaMismatchError } from "../../core/vocabulary/errors.ts";
import { decodeFeatures } from "../../storage/feature-files/feature-files.ts";
import { getVerified } from "../../storage/object-store/immutable.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import { predictSymbol } from "../answers/predict-symbol.ts";
import { loadReport } from "./load-report.ts";
import type { LoadedRow, LoadedSymbol, Served } from "./served.ts";

/** How many closes the dashboard shows. */
const RECENT_CLOSES = 90;

/**
 * Reads all objects that a manifest's predictions need and makes each prediction once, so that no request meets a broken
 * object. What is already loaded with the former manifest is not read again.
 *
 * @throws {CorruptObjectError | SchemaMismatchError | StoreUnavailableError} naming what is wrong
 */
export async function loadManifest(reader: ObjectReader, manifest: Manifest, former: Served | null): Promise<Served> {
  const known = former ? fileDigests(former.manifest) : new Map<string, string>();
  const models = new Map<string, Model>();
  const digests = new Map<string, string>();
  const symbols = new Map<string, LoadedSymbol>();
  for (const entry of Object.values(manifest.symbols)) {
    const row = await loadRow(reader, entry, former);
    const own: Model[] = [];
    for (const described of entry.models) {
      const { file } = described;
      if (!file) continue;
      const loaded = digests.get(file.key) === file.sha256 ? models.get(file.key) : undefined;
      const kept = known.get(file.key) === file.sha256 ? former?.models.get(file.key) : undefined;
      const model = loaded ?? kept ?? decodeModel(await getVerified(reader, file));
      checkModel(entry, described, model, row);
      models.set(file.key, model);
      digests.set(file.key, file.sha256);
      own.push(model);
    }
    const report = await loadReport(reader, entry, former?.symbols.get(entry.symbol));
    symbols.set(entry.symbol, { entry, row, horizon: commonHorizon(entry, own, manifest.horizon), report });
  }
  const served = { manifest, symbols, models };
  for (const loaded of symbols.values()) predictSymbol(served, loaded, loaded.row.openTime);
  return served;
}

function fileDigests(manifest: Manifest): Map<string, string> {
  const files = Object.values(manifest.symbols).flatMap(({ models }) => models.flatMap(({ file }) => (file ? [file] : [])));
  return new Map(files.map(({ key, sha256 }) => [key, sha256]));
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
