import type { Manifest, SymbolEntry } from "../../core/manifests/manifest.ts";
import type { Model } from "../../core/models/model.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import { chain } from "../../storage/registry/chain.ts";
import { type Fault, faultOf } from "./faults.ts";
import { isLasting } from "./lasting.ts";
import { createModelShelf, loadSymbol } from "./load-symbol.ts";
import type { LoadedSymbol, Served } from "./served.ts";

/** So many manifests back a coin whose newest files are broken is looked for: older ones would be withheld anyway. */
const OLDER_MANIFESTS = 5;

/**
 * Loads a manifest, coin by coin. A broken file takes its coin only: that coin is served from the newest older manifest in
 * which its files are whole, or not at all.
 *
 * @throws {StoreUnavailableError} if the store can't be read
 */
export async function loadManifest(
  reader: ObjectReader,
  manifest: Manifest,
  former: Served | null,
  found: readonly Fault[] = [],
): Promise<Served> {
  const shelf = createModelShelf(reader, former);
  const symbols = new Map<string, LoadedSymbol>();
  const models = new Map<string, Model>();
  const unreadable = new Map<string, Fault>();
  const faults: Fault[] = [...found];
  const take = async (of: Manifest, entry: SymbolEntry, insteadOf: string | null): Promise<Fault | null> => {
    try {
      const { loaded, models: own } = await loadSymbol(reader, { manifest: of, entry, insteadOf, shelf, former });
      symbols.set(entry.symbol, loaded);
      faults.push(...loaded.faults);
      for (const [key, model] of own) models.set(key, model);
      return null;
    } catch (error) {
      if (!isLasting(error)) throw error;
      return faultOf("coin", error, entry.symbol);
    }
  };
  for (const entry of Object.values(manifest.symbols)) {
    const fault = await take(manifest, entry, null);
    if (!fault) continue;
    unreadable.set(entry.symbol, fault);
    faults.push(fault);
  }
  for await (const older of olderManifests(reader, manifest)) {
    if (unreadable.size === 0) break;
    for (const symbol of [...unreadable.keys()]) {
      const entry = older.symbols[symbol];
      if (entry && !(await take(older, entry, manifest.version))) unreadable.delete(symbol);
    }
  }
  return { manifest, symbols: inOrder(manifest, symbols), unreadable, models, faults };
}

async function* olderManifests(reader: ObjectReader, { previous }: Manifest): AsyncGenerator<Manifest> {
  let left = OLDER_MANIFESTS;
  try {
    for await (const { manifest } of chain(reader, previous)) {
      if (!manifest || left-- === 0) return;
      yield manifest;
    }
  } catch (error) {
    if (!isLasting(error)) throw error;
  }
}

function inOrder({ symbols: entries }: Manifest, symbols: ReadonlyMap<string, LoadedSymbol>): Map<string, LoadedSymbol> {
  return new Map(
    Object.keys(entries).flatMap((symbol) => {
      const loaded = symbols.get(symbol);
      return loaded ? [[symbol, loaded] as const] : [];
    }),
  );
}
