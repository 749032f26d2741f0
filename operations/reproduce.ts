import { asKnownAt } from "../core/candles/as-known-at.ts";
import type { CandleSeries } from "../core/candles/candle-series.ts";
import { closedCandles, concatSeries } from "../core/candles/series-verbs.ts";
import { continuousSeries } from "../core/candles/suspect-jumps.ts";
import { groupKey } from "../core/evaluation/group-key.ts";
import { assemblePool, type Pool } from "../core/evaluation/pool.ts";
import type { FitOptions } from "../core/evaluation/run-fold.ts";
import { computeFeatures } from "../core/features/compute-features.ts";
import type { FeatureMatrix } from "../core/features/feature-matrix.ts";
import type { Manifest, ModelEntry, SymbolEntry } from "../core/manifests/manifest.ts";
import { objectRefs } from "../core/manifests/object-refs.ts";
import { seedFrom } from "../core/random.ts";
import { CandlecastError, CorruptObjectError } from "../core/vocabulary/errors.ts";
import type { AlgorithmName } from "../core/vocabulary/model-names.ts";
import type { ObjectRef } from "../core/vocabulary/object-ref.ts";
import { loadSeries, readRevisions } from "../storage/candle-files/candle-store.ts";
import { publishedCandles } from "../storage/candle-files/published-candles.ts";
import { encodeFeatures } from "../storage/feature-files/feature-files.ts";
import { sha256Hex } from "../storage/object-store/immutable.ts";
import type { ObjectReader } from "../storage/object-store/object-store.ts";
import { readManifest } from "../storage/registry/reader.ts";
import { isEqual, type ObjectStatus, verifyObject } from "../storage/registry/verify-object.ts";

/** One object made again from the stored candles, or one of the candle files that the others are made from. */
export interface ReproducedObject {
  readonly kind: "candles" | "features" | "model";
  /** the symbol, or the group and algorithm */
  readonly name: string;
  readonly key: string;
  readonly published: string;
  /** The state of the object that is stored under the key now. */
  readonly stored: ObjectStatus;
  /** The digest of the remade object; null for candles, and where it could not be made. */
  readonly made: string | null;
  /** Whether both the stored object and the remade one equal the published one. */
  readonly equal: boolean;
  readonly why: string | null;
}

export interface Reproduction {
  readonly objects: readonly ReproducedObject[];
  /** Entries that can't be made again, because the earlier manifest that made them is gone. */
  readonly lost: readonly { readonly symbol: string; readonly since: string }[];
  /** Whether every entry was made again, with equal digests. */
  readonly equal: boolean;
}

interface Tools {
  readonly reader: ObjectReader;
  /** @returns the model file of a fit on all rows of a pool */
  readonly fitFinal: (pool: Pool, algorithm: AlgorithmName, options: FitOptions & { readonly signal?: AbortSignal }) => Promise<Uint8Array>;
  readonly signal?: AbortSignal;
}

/**
 * Makes every feature file and model of a manifest again from the candles in the store, and compares their digests with the
 * published and the stored ones. Entries that were kept from an earlier manifest are made as they were for that one. Nothing
 * is written.
 */
export async function reproduce(
  tools: Tools,
  manifest: Manifest,
  onObject: (object: ReproducedObject) => void = () => {},
): Promise<Reproduction> {
  const objects: ReproducedObject[] = [];
  const lost: { symbol: string; since: string }[] = [];
  const named = new Set(objectRefs(manifest).map(({ ref }) => nameOf(ref)));
  for (const [since, entries] of Map.groupBy(Object.values(manifest.symbols), (entry) => entry.since)) {
    const maker = since === manifest.version ? manifest : await readManifest(tools.reader, since);
    if (!maker) lost.push(...entries.map(({ symbol }) => ({ symbol, since })));
    else {
      await reproduceOwn(tools, maker, {
        isWanted: (ref) => named.has(nameOf(ref)),
        add: (object) => {
          objects.push(object);
          onObject(object);
        },
      });
    }
  }
  return { objects, lost, equal: lost.length === 0 && objects.every(({ equal }) => equal) };
}

const nameOf = ({ key, sha256 }: ObjectRef) => `${key}\n${sha256}`;

/** Remakes the entries that a manifest made itself. All coins of a pool are needed for its models, but only wanted objects are compared. */
async function reproduceOwn(
  { reader, fitFinal, signal }: Tools,
  manifest: Manifest,
  { isWanted, add }: { isWanted: (ref: ObjectRef) => boolean; add: (object: ReproducedObject) => void },
): Promise<void> {
  const own = Object.values(manifest.symbols).filter(({ since }) => since === manifest.version);
  const compare = async (kind: "features" | "model", name: string, ref: ObjectRef, make: () => Uint8Array | Promise<Uint8Array>) => {
    signal?.throwIfAborted();
    const { status } = await verifyObject(reader, ref);
    const made = await outcomeOf(make);
    const equal = made.sha256 === ref.sha256 && isEqual({ status });
    if (isWanted(ref)) add({ kind, name, key: ref.key, published: ref.sha256, stored: status, made: made.sha256, equal, why: made.why });
  };
  const matrices = new Map<string, FeatureMatrix>();
  for (const entry of own) {
    for (const ref of entry.candles.objects.filter(isWanted)) {
      const { status, published, why } = await verifyObject(reader, ref);
      add({ kind: "candles", name: entry.symbol, key: ref.key, published, stored: status, made: null, equal: isEqual({ status }), why });
    }
    await compare("features", entry.symbol, entry.features, async () => {
      const known = await seriesOfThen(reader, entry, manifest);
      // Versions that looked for no jumps used all candles.
      const matrix = computeFeatures(entry.candles.suspectJumps ? continuousSeries(known).series : known);
      matrices.set(entry.symbol, matrix);
      return encodeFeatures(matrix);
    });
  }
  for (const { model, file, members } of trainedTogether(own)) {
    const key = groupKey(model.scope, members[0].symbol);
    const { name, scope } = model;
    if (name === "ensemble" || !isWanted(file)) continue;
    await compare("model", `${key} ${name}`, file, () => {
      const found = members.flatMap(({ symbol }) => matrices.get(symbol) ?? []);
      if (found.length < members.length) throw new CandlecastError("features that it is trained on could not be made");
      return fitFinal(assemblePool(found, { horizon: manifest.horizon }), name, { scope, seed: seedFrom(key, name), signal });
    });
  }
}

async function outcomeOf(make: () => Uint8Array | Promise<Uint8Array>): Promise<{ sha256: string | null; why: string | null }> {
  try {
    return { sha256: sha256Hex(await make()), why: null };
  } catch (error) {
    if (!(error instanceof CandlecastError) || ["StoreUnavailable", "Unauthorized"].includes(error.name)) throw error;
    return { sha256: null, why: error.message };
  }
}

/**
 * The candles that a manifest's entry was made from, as they were known at the run's clock. If replaced rows were not kept,
 * these are the stored candles.
 *
 * @throws {CorruptObjectError} if a candle file is gone, or was changed without growing
 */
async function seriesOfThen(reader: ObjectReader, { symbol, candles }: SymbolEntry, { interval, asOf }: Manifest): Promise<CandleSeries> {
  const known: CandleSeries[] = [];
  for (const ref of candles.objects) {
    const stored = await reader.get(ref.key);
    if (!stored) throw new CorruptObjectError(`${ref.key} is missing`);
    const { series } = await publishedCandles(reader, stored.bytes, ref);
    if (!series && stored.bytes.byteLength <= ref.bytes) throw new CorruptObjectError(`${ref.key} holds other candles than were published`);
    if (!series) return (await loadSeries(reader, symbol, interval, { asOf: Date.parse(asOf) })).series;
    const revisions = await readRevisions(reader, ref.key, symbol, interval);
    known.push(closedCandles(asKnownAt(series, revisions.candles, Date.parse(asOf)), Date.parse(asOf)));
  }
  return concatSeries({ symbol, interval }, known);
}

interface Training {
  readonly model: ModelEntry;
  readonly file: ObjectRef;
  readonly members: SymbolEntry[];
}

/** Each model file once, with the symbols that it was trained on, in the order of their names. */
function trainedTogether(entries: readonly SymbolEntry[]): Training[] {
  const byFile = new Map<string, Training>();
  for (const entry of [...entries].sort((a, b) => (a.symbol < b.symbol ? -1 : 1))) {
    for (const model of entry.models) {
      const { file } = model;
      if (!file) continue;
      const found = byFile.get(file.key);
      if (found) found.members.push(entry);
      else byFile.set(file.key, { model, file, members: [entry] });
    }
  }
  return [...byFile.values()];
}
