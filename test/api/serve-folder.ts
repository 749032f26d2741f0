import { join } from "node:path";
import { startApi } from "../../api/server.ts";
import { cleanCandles } from "../../core/candles/clean-candles.ts";
import type { Manifest, SymbolEntry } from "../../core/manifests/manifest.ts";
import { parseSettings } from "../../settings/parse-settings.ts";
import { createSimulated } from "../../sources/simulated.ts";
import { upsertCandles } from "../../storage/candle-files/candle-store.ts";
import { createFileStore } from "../../storage/object-store/file-store.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { createPublishedStore, type PublishedStore } from "./published-store.ts";

export interface ServedFolder {
  readonly url: string;
  /** of the first manifest */
  readonly version: string;
  readonly store: ObjectStore;
  /** Publishes once more, and makes the API look. */
  publish(createdAt: string, change?: (symbols: Record<string, SymbolEntry>) => Record<string, SymbolEntry>): Promise<Manifest>;
  close(): Promise<void>;
}

const AS_OF = Date.parse("2017-06-01T00:00:00Z");
let made: Promise<PublishedStore> | null = null;

/** A real API over a store in a folder, with candles, models and a manifest of the simulated coin. */
export async function serveFolder(folder: string, env: Record<string, string> = {}): Promise<ServedFolder> {
  made ??= createPublishedStore();
  const { store: memory, over } = await made;
  const store = createFileStore(join(folder, "store"));
  for await (const { key } of memory.list("")) {
    const stored = await memory.get(key);
    if (stored) await store.put(key, stored.bytes, { ifAbsent: true });
  }
  const { rows } = await createSimulated().fetchPage({ symbol: "HET", interval: "1d", range: { from: 0, to: AS_OF } });
  const options = { symbol: "HET", interval: "1d", asOf: AS_OF, source: "simulated", fetchedAt: AS_OF } as const;
  await upsertCandles(store, cleanCandles(rows, options).series);
  const own = over(store);
  const { version } = await own.publish("2017-06-01T00:10:00.000Z");
  const api = await startApi({ settings: parseSettings({ STATE_DIR: folder, HOST: "127.0.0.1", PORT: "0", ...env }) });
  return {
    url: api.url,
    version,
    store,
    async publish(createdAt, change) {
      const manifest = await own.publish(createdAt, change);
      await fetch(`${api.url}/reload`, { method: "POST" });
      return manifest;
    },
    close: () => api.close(),
  };
}
