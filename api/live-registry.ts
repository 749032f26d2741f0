import type { FeatureMatrix } from "../core/features/feature-matrix.ts";
import type { Manifest, ObjectRef, SymbolEntry } from "../core/manifests/manifest.ts";
import type { Model } from "../core/models/model.ts";
import { decodeModel } from "../core/models/model-file.ts";
import { decodeFeatures } from "../storage/feature-files/feature-files.ts";
import { getVerified } from "../storage/object-store/immutable.ts";
import type { ObjectReader } from "../storage/object-store/object-store.ts";
import { readLatest, readPointer } from "../storage/registry/reader.ts";

/** What a prediction is made of: the newest row of features, with the candle that it belongs to. */
export interface NewestRow {
  /** of the candle, ms UTC */
  readonly openTime: number;
  readonly close: number;
  /** standard deviation of the one-candle log return; NaN where unknown */
  readonly volatility: number;
  readonly names: readonly string[];
  /** one value per column */
  readonly columns: readonly Float64Array[];
}

export interface LoadedSymbol {
  readonly entry: SymbolEntry;
  readonly row: NewestRow;
}

/** A manifest with everything that it takes to predict, whole. */
export interface Served {
  readonly manifest: Manifest;
  readonly symbols: ReadonlyMap<string, LoadedSymbol>;
  /** model files by key */
  readonly models: ReadonlyMap<string, Model>;
}

export interface LiveRegistry {
  /** The newest manifest that could be loaded whole; null where there is none yet. */
  current(): Served | null;
  /** Why the newest could not be loaded, or the store not be read; null where all is well. */
  problem(): string | null;
  /** Looks for a newer manifest now. */
  reload(): Promise<{ changed: boolean; version: string | null }>;
  close(): void;
}

/**
 * Holds the newest good manifest. A newer one is loaded whole before it takes the place, so that a request sees the old or
 * the new; one that is broken, or a store that can't be read, leaves the last good one in place.
 *
 * @param pollMs how often it looks for a newer one by itself; 0: never
 */
export function createLiveRegistry(reader: ObjectReader, { pollMs }: { pollMs: number }): LiveRegistry {
  let served: Served | null = null;
  let etag: string | null = null;
  let trouble: string | null = null;
  let underWay: Promise<{ changed: boolean; version: string | null }> | null = null;

  async function look(): Promise<{ changed: boolean; version: string | null }> {
    try {
      const found = await readPointer(reader);
      if (!found || (found.etag === etag && trouble === null)) return { changed: false, version: served?.manifest.version ?? null };
      const latest = await readLatest(reader);
      if (!latest) return { changed: false, version: served?.manifest.version ?? null };
      const changed = latest.manifest.version !== served?.manifest.version;
      if (changed) served = await load(reader, latest.manifest, served);
      etag = latest.etag;
      trouble = null;
      return { changed, version: latest.manifest.version };
    } catch (error) {
      trouble = error instanceof Error ? error.message : String(error);
      return { changed: false, version: served?.manifest.version ?? null };
    }
  }

  const reload = () => {
    underWay ??= look().finally(() => {
      underWay = null;
    });
    return underWay;
  };
  const timer = pollMs > 0 ? setInterval(() => void reload(), pollMs).unref() : null;
  return { current: () => served, problem: () => trouble, reload, close: () => timer && clearInterval(timer) };
}

async function load(reader: ObjectReader, manifest: Manifest, former: Served | null): Promise<Served> {
  const models = new Map<string, Model>();
  const symbols = new Map<string, LoadedSymbol>();
  for (const entry of Object.values(manifest.symbols)) {
    for (const { file } of entry.models) if (file && !models.has(file.key)) models.set(file.key, await loadModel(reader, file, former));
    const known = former?.symbols.get(entry.symbol);
    const row =
      known && known.entry.features.key === entry.features.key
        ? known.row
        : newestRow(decodeFeatures(await getVerified(reader, entry.features)));
    symbols.set(entry.symbol, { entry, row });
  }
  return { manifest, symbols, models };
}

async function loadModel(reader: ObjectReader, file: ObjectRef, former: Served | null): Promise<Model> {
  return former?.models.get(file.key) ?? decodeModel(await getVerified(reader, file));
}

function newestRow(matrix: FeatureMatrix): NewestRow {
  const last = matrix.openTime.length - 1;
  return {
    openTime: matrix.openTime[last],
    close: matrix.close[last],
    volatility: matrix.volatility[last],
    names: matrix.names,
    columns: matrix.columns.map((column) => column.slice(last)),
  };
}
