import { assemblePool } from "../../core/evaluation/pool.ts";
import { computeFeatures } from "../../core/features/compute-features.ts";
import type { FeatureMatrix } from "../../core/features/feature-matrix.ts";
import type { Manifest, ModelEntry, SymbolEntry } from "../../core/manifests/manifest.ts";
import { seedFrom } from "../../core/random.ts";
import { loadSeries } from "../../storage/candle-files/candle-store.ts";
import { encodeFeatures } from "../../storage/feature-files/feature-files.ts";
import { sha256Hex } from "../../storage/object-store/immutable.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import { groupKey } from "../plan-training.ts";
import type { FitPool } from "./fit-pool.ts";

/** One object made again from the stored candles. */
export interface ReproducedObject {
  readonly kind: "features" | "model";
  /** the symbol, or the group and algorithm */
  readonly name: string;
  readonly key: string;
  readonly published: string;
  /** the digest that came out now */
  readonly found: string;
  readonly equal: boolean;
}

export interface Reproduction {
  readonly objects: readonly ReproducedObject[];
  /** Entries that an earlier manifest made: reproduce that one for them. */
  readonly elsewhere: readonly { readonly symbol: string; readonly since: string }[];
}

/**
 * Makes every feature file and model that a manifest made again, from the candles in the store, and compares digests.
 * Nothing is written.
 */
export async function reproduce(
  { reader, fitPool }: { reader: ObjectReader; fitPool: FitPool },
  manifest: Manifest,
  onObject: (object: ReproducedObject) => void = () => {},
): Promise<Reproduction> {
  const entries = Object.values(manifest.symbols);
  const own = entries.filter(({ since }) => since === manifest.version);
  const objects: ReproducedObject[] = [];
  const compare = (kind: ReproducedObject["kind"], name: string, ref: { key: string; sha256: string }, bytes: Uint8Array) => {
    const found = sha256Hex(bytes);
    const object = { kind, name, key: ref.key, published: ref.sha256, found, equal: found === ref.sha256 };
    objects.push(object);
    onObject(object);
  };
  const matrices = new Map<string, FeatureMatrix>();
  for (const { symbol, features } of own) {
    const { series } = await loadSeries(reader, symbol, manifest.interval, { asOf: Date.parse(manifest.asOf) });
    const matrix = computeFeatures(series);
    matrices.set(symbol, matrix);
    compare("features", symbol, features, encodeFeatures(matrix));
  }
  for (const { model, members } of trainedTogether(own)) {
    if (!model.file || model.name === "ensemble") continue;
    const key = groupKey(model.scope, members[0]);
    const pool = assemblePool(
      members.map(({ symbol }) => matrices.get(symbol) as FeatureMatrix),
      { horizon: manifest.horizon },
    );
    const bytes = await fitPool.fitFinal(pool, model.name, { scope: model.scope, seed: seedFrom(key, model.name) });
    compare("model", `${key} ${model.name}`, model.file, bytes);
  }
  return { objects, elsewhere: entries.filter((entry) => !own.includes(entry)).map(({ symbol, since }) => ({ symbol, since })) };
}

/** Each model file once, with the symbols that were learned from together, in the order of their names. */
function trainedTogether(entries: readonly SymbolEntry[]): { model: ModelEntry; members: SymbolEntry[] }[] {
  const byFile = new Map<string, { model: ModelEntry; members: SymbolEntry[] }>();
  for (const entry of [...entries].sort((a, b) => (a.symbol < b.symbol ? -1 : 1))) {
    for (const model of entry.models) {
      if (!model.file) continue;
      const found = byFile.get(model.file.key);
      if (found) found.members.push(entry);
      else byFile.set(model.file.key, { model, members: [entry] });
    }
  }
  return [...byFile.values()];
}
