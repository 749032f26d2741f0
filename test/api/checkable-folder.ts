import type { Manifest, SymbolEntry } from "../../core/manifests/manifest.ts";
import { sealVersion } from "../../core/manifests/seal-version.ts";
import { loadSeries } from "../../storage/candle-files/candle-store.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { keepForecasts } from "../../storage/prediction-files/forecast-store.ts";
import { publish } from "../../storage/registry/publish.ts";
import { readManifest } from "../../storage/registry/reader.ts";
import { type ServedFolder, serveFolder } from "./serve-folder.ts";

export interface CheckableFolder extends ServedFolder {
  readonly manifest: Manifest;
}

export interface CheckableOptions {
  /** the run's clock, ISO 8601; by default that of {@link serveFolder} */
  readonly asOf?: string;
  /** the entries, made of that of HET with its candle files */
  readonly change?: (store: ObjectStore, entry: SymbolEntry) => Promise<Record<string, SymbolEntry>>;
}

/**
 * A real API over a store in a folder, whose newest manifest names the candle files that its features were made from. It was
 * published just now by a run with its clock in the past, so its answers are neither late nor withheld.
 */
export async function serveCheckable(folder: string, { asOf, change }: CheckableOptions = {}): Promise<CheckableFolder> {
  const served = await serveFolder(folder);
  const { store, url, version } = served;
  const first = await readManifest(store, version);
  if (!first) throw new Error(`${version} is not stored`);
  const { objects } = await loadSeries(store, "HET", "1d", { asOf: Date.parse(first.asOf) });
  const { HET } = first.symbols;
  const entry = { ...HET, candles: { ...HET.candles, objects, suspectJumps: [] } };
  const symbols = change ? await change(store, entry) : { HET: entry };
  const build = () =>
    sealVersion({
      ...first,
      previous: version,
      workflow: { id: "pipeline-test", runId: "run of just now" },
      createdAt: new Date().toISOString(),
      asOf: asOf ?? first.asOf,
      symbols,
    });
  const { manifest } = await publish(store, build, {
    complete: async (sealed) => ({ ...sealed, forecasts: await keepForecasts(store, sealed.version, async () => []) }),
  });
  await fetch(`${url}/reload`, { method: "POST" });
  return { ...served, manifest };
}
