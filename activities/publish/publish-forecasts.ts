import type { Manifest, SymbolEntry } from "../../core/manifests/manifest.ts";
import { entryForecasts } from "../../core/scoring/entry-forecasts.ts";
import type { KeptForecast } from "../../core/scoring/kept-forecast.ts";
import { CandlecastError } from "../../core/vocabulary/errors.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";
import { partsOf } from "../../storage/layout.ts";
import type { ObjectReader, ObjectStore } from "../../storage/object-store/object-store.ts";
import { forecastKey, keepForecasts } from "../../storage/prediction-files/forecast-store.ts";
import { entryLoader } from "./load-entry.ts";

/** Errors after which a retry may read what can't be read now. */
const PASSING: readonly string[] = ["StoreUnavailable", "Unauthorized"];

/** Entries whose objects are read at a time. */
const AT_ONCE = 8;

/** Stores the forecasts of manifests that are about to be published, and tells of them afterwards. */
export interface ForecastKeeper {
  /** The manifest with the file of its forecasts, which is stored. For `publish`, whose option it is. */
  complete(manifest: Manifest): Promise<Manifest>;
  /**
   * Deletes the files of versions that lost the race, so that the folder holds those of published manifests only. One that can't be
   * deleted now is left to garbage collection.
   *
   * @returns how many forecasts the published one has; null where an earlier attempt stored them
   */
  settle(published: Manifest): Promise<{ given: number; withheld: number } | null>;
}

/** @param store where the manifests are published */
export function forecastKeeper(store: ObjectStore): ForecastKeeper {
  const completed = new Map<string, { given: number; withheld: number } | null>();
  return {
    async complete(manifest) {
      completed.set(manifest.version, null);
      const forecasts = await keepForecasts(store, manifest.version, async () => {
        const rows = await forecastManifest(store, manifest);
        const withheld = rows.filter(({ withheldReasons }) => withheldReasons !== null).length;
        completed.set(manifest.version, { given: rows.length - withheld, withheld });
        return rows;
      });
      return { ...manifest, forecasts };
    },
    // Their manifests were built on one that is no longer the newest, so they can't be published any more.
    async settle({ version }) {
      const lost = [...completed.keys()].filter((other) => other !== version);
      for (const other of lost) await store.delete(forecastKey(other)).catch(() => {});
      return completed.get(version) ?? null;
    },
  };
}

/** Every forecast of a manifest. Those of a symbol whose features or models can't be read are withheld. */
export async function forecastManifest(reader: ObjectReader, manifest: Manifest): Promise<KeptForecast[]> {
  const entries = Object.values(manifest.symbols);
  const load = entryLoader(reader, entries);
  const forecastEntry = async (entry: SymbolEntry): Promise<KeptForecast[]> => {
    const made = madeFor(manifest, entry);
    try {
      const inputs = await load(entry, made.horizon);
      return entryForecasts({ manifest, entry, inputs, made });
    } catch (error) {
      if (!(error instanceof CandlecastError) || PASSING.includes(error.name)) throw error;
      return entryForecasts({ manifest, entry, inputs: null, made });
    }
  };
  const forecasts: KeptForecast[] = [];
  for (let i = 0; i < entries.length; i += AT_ONCE) {
    const some = await Promise.all(entries.slice(i, i + AT_ONCE).map(forecastEntry));
    forecasts.push(...some.flat());
  }
  return forecasts;
}

/** What an entry was made for; a stale one may be of other settings than the manifest. */
function madeFor({ interval, horizon }: Manifest, { stale, candles }: SymbolEntry): { interval: Interval; horizon: number } {
  if (stale?.code === "other_settings") return stale.made;
  const last = candles.objects.at(-1);
  return { interval: (last && partsOf("candles", last.key)?.interval) ?? interval, horizon };
}
