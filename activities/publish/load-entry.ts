import type { SymbolEntry } from "../../core/manifests/manifest.ts";
import { decodeModel } from "../../core/models/file/model-file.ts";
import type { Model } from "../../core/models/model.ts";
import { type EntryInputs, entryInputs } from "../../core/serving/entry-inputs.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { decodeFeatures } from "../../storage/feature-files/feature-files.ts";
import { getVerified } from "../../storage/object-store/immutable.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";

/**
 * Loads what the forecasts of entries are made from. Each model file is read once, and forgotten after the last entry that names it, so
 * that pooled models are shared and models of single coins don't add up. Of the features only the newest row stays.
 *
 * @returns the inputs of each entry; or rejects with what is wrong with it
 */
export function entryLoader(
  reader: ObjectReader,
  entries: readonly SymbolEntry[],
): (entry: SymbolEntry, horizon: number) => Promise<EntryInputs> {
  const uses = new Map<string, number>();
  for (const name of entries.flatMap(modelFiles).map(nameOf)) uses.set(name, (uses.get(name) ?? 0) + 1);
  const loaded = new Map<string, Promise<Model>>();
  const load = (file: ObjectRef): Promise<Model> => {
    const model = loaded.get(nameOf(file)) ?? getVerified(reader, file).then(decodeModel);
    loaded.set(nameOf(file), model);
    return model;
  };
  const release = (file: ObjectRef) => {
    const left = (uses.get(nameOf(file)) ?? 0) - 1;
    uses.set(nameOf(file), left);
    if (left <= 0) loaded.delete(nameOf(file));
  };
  return async (entry, horizon) => {
    try {
      const models = new Map<string, Model>();
      for (const file of modelFiles(entry)) models.set(file.key, await load(file));
      const matrix = decodeFeatures(await getVerified(reader, entry.features));
      return entryInputs(entry, { matrix, models, horizon });
    } finally {
      modelFiles(entry).forEach(release);
    }
  };
}

function modelFiles({ models }: SymbolEntry): ObjectRef[] {
  return models.flatMap(({ file }) => file ?? []);
}

function nameOf({ key, sha256 }: ObjectRef): string {
  return `${key} ${sha256}`;
}
