import { join } from "node:path";
import { startApi } from "../../api/server.ts";
import { cleanCandles } from "../../core/candles/clean-candles.ts";
import type { Manifest, SymbolEntry } from "../../core/manifests/manifest.ts";
import { parseSettings } from "../../settings/parse-settings.ts";
import { createSimulated } from "../../sources/simulated.ts";
import { upsertCandles } from "../../storage/candle-files/candle-store.ts";
import { decodeFeatures, encodeFeatures } from "../../storage/feature-files/feature-files.ts";
import { keyOf } from "../../storage/layout.ts";
import { createFileStore } from "../../storage/object-store/file-store.ts";
import { getVerified, putImmutable, sha256Hex } from "../../storage/object-store/immutable.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { makeStoreFolder } from "../../storage/object-store/open-store.ts";
import { createPublishedStore, type PublishedStore } from "./published-store.ts";

export interface ServedFolder {
  readonly url: string;
  /** of the first manifest; empty where nothing was published */
  readonly version: string;
  readonly store: ObjectStore;
  /** Publishes once more, and makes the API look. */
  publish(createdAt: string, change?: (symbols: Record<string, SymbolEntry>) => Record<string, SymbolEntry>): Promise<Manifest>;
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** the API's clock, ms UTC */
  readonly now?: () => number;
  /** how many coins beside the simulated one, all with its candles; null: nothing is published at all */
  readonly coins?: number | null;
}

const AS_OF = Date.parse("2017-06-01T00:00:00Z");
let made: Promise<PublishedStore> | null = null;

export interface FilledFolder {
  readonly store: ObjectStore;
  readonly published: PublishedStore;
  readonly version: string;
}

/**
 * A store in a folder, with candles, models and a manifest.
 *
 * @param createdAt when the manifest is published; its run's clock is in 2017 in any case
 */
export async function fillFolder(
  folder: string,
  { coins = 0, createdAt = "2017-06-01T00:10:00.000Z" }: { coins?: number | null; createdAt?: string } = {},
): Promise<FilledFolder> {
  made ??= createPublishedStore();
  const { store: memory, over } = await made;
  const store = createFileStore(join(folder, "store"));
  const published = over(store);
  await makeStoreFolder(`file:${join(folder, "store")}`);
  if (coins === null) return { store, published, version: "" };
  for await (const { key } of memory.list("")) {
    const stored = await memory.get(key);
    if (stored) await putImmutable(store, key, stored.bytes, null);
  }
  await putCandles(store);
  const others: SymbolEntry[] = [];
  for (let i = 0; i < coins; i++) others.push(await copyEntry(store, published.entry, `COIN${i}`));
  const all = (symbols: Record<string, SymbolEntry>) => ({
    ...Object.fromEntries(others.map((entry) => [entry.symbol, entry])),
    ...symbols,
  });
  const { version } = await published.publish(createdAt, all, "2017-06-01T00:10:00.000Z");
  return { store, published, version };
}

/** A real API over a store in a folder, with candles, models and a manifest of the simulated coin. */
export async function serveFolder(folder: string, { env = {}, now, coins = 0 }: ServeOptions = {}): Promise<ServedFolder> {
  const { store, published, version } = await fillFolder(folder, { coins });
  const settings = parseSettings({ STATE_DIR: folder, HOST: "127.0.0.1", PORT: "0", ...env });
  const api = await startApi({ settings, env, ...(now ? { now } : {}) });
  return {
    url: api.url,
    version,
    store,
    async publish(createdAt, change) {
      const manifest = await published.publish(createdAt, change);
      await fetch(`${api.url}/reload`, { method: "POST" });
      return manifest;
    },
    close: () => api.close(),
  };
}

async function putCandles(store: ObjectStore): Promise<void> {
  const { rows } = await createSimulated().fetchPage({ symbol: "HET", interval: "1d", range: { from: 0, to: AS_OF } });
  const options = { symbol: "HET", interval: "1d", asOf: AS_OF, source: "simulated", fetchedAt: AS_OF } as const;
  await upsertCandles(store, cleanCandles(rows, options).series);
}

/** The entry under another name, as a coin that isn't simulated, with features of its own. */
async function copyEntry(store: ObjectStore, entry: SymbolEntry, symbol: string): Promise<SymbolEntry> {
  const matrix = decodeFeatures(await getVerified(store, entry.features));
  const bytes = encodeFeatures({ ...matrix, symbol });
  const key = keyOf("features", { symbol, digest: sha256Hex(bytes) });
  const features = await putImmutable(store, key, bytes, matrix.openTime.length);
  return { ...entry, symbol, simulated: false, source: "binance", report: null, features };
}
