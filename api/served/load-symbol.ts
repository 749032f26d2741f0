import type { FeatureMatrix } from "../../core/features/feature-matrix.ts";
import type { Manifest, SymbolEntry } from "../../core/manifests/manifest.ts";
import { decodeModel } from "../../core/models/file/model-file.ts";
import type { Model } from "../../core/models/model.ts";
import { agreedHorizon, newestRow } from "../../core/serving/entry-inputs.ts";
import { forecastSymbol } from "../../core/serving/forecast-symbol.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { decodeFeatures } from "../../storage/feature-files/feature-files.ts";
import { getVerified } from "../../storage/object-store/immutable.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import { loadReport } from "./load-report.ts";
import { type LoadedRow, type LoadedSymbol, RECENT_CLOSES, type Served } from "./served.ts";

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
  for (const { file } of entry.models) if (file) models.set(file.key, await shelf.read(file));
  const horizon = agreedHorizon(entry, { models, featureSet: row.featureSet, otherwise: manifest.horizon });
  forecastSymbol({ manifest, insteadOf, entry, row, horizon, models, now: row.openTime });
  const { report, faults } = await loadReport(reader, entry, former?.symbols.get(entry.symbol));
  return { loaded: { entry, manifest, insteadOf, row, horizon, report, faults }, models };
}

async function loadRow(reader: ObjectReader, entry: SymbolEntry, former: Served | null): Promise<LoadedRow> {
  const known = former?.symbols.get(entry.symbol);
  if (known && known.entry.features.key === entry.features.key && known.entry.features.sha256 === entry.features.sha256) return known.row;
  return loadedRow(entry, decodeFeatures(await getVerified(reader, entry.features)));
}

/** @throws {SchemaMismatchError} if the features are another coin's, or empty */
export function loadedRow(entry: Pick<SymbolEntry, "symbol" | "features">, matrix: FeatureMatrix): LoadedRow {
  return { ...newestRow(entry, matrix), recentCloses: matrix.close.slice(-RECENT_CLOSES), featureSet: matrix.featureSet.digest };
}
