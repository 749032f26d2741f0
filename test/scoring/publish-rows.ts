import type { Manifest } from "../../core/manifests/manifest.ts";
import type { KeptForecast } from "../../core/scoring/kept-forecast.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { keepForecasts } from "../../storage/prediction-files/forecast-store.ts";
import { publish } from "../../storage/registry/publish.ts";
import { runManifest } from "../storage/runs.ts";
import { DAY, FIRST_DAY, keptDirection, keptForecast, onDay } from "./kept-forecast.ts";

/** Publishes a manifest with these forecasts, which get its version. */
export async function publishRows(store: ObjectStore, createdAt: number, rows: readonly KeptForecast[]): Promise<Manifest> {
  const complete = async (manifest: Manifest): Promise<Manifest> => {
    const own = rows.map((row) => ({ ...row, manifest: manifest.version, publishedAt: createdAt, runId: manifest.workflow.runId }));
    return { ...manifest, forecasts: await keepForecasts(store, manifest.version, async () => own) };
  };
  const build = (previous: Manifest | null) => runManifest(`run of ${createdAt}`, createdAt, previous, null);
  return (await publish(store, build, { complete })).manifest;
}

/** Publishes at one o'clock of a day what two models and the baselines say of BTC's close of that day. */
export function publishDay(store: ObjectStore, day: number, change: Partial<KeptForecast> = {}): Promise<Manifest> {
  const rows = [
    keptForecast(change),
    keptForecast({ model: "no_change", scope: null, role: "baseline", served: false, logReturn: 0, price: 100, ...change }),
    keptDirection(change),
    keptDirection({ model: "random_forest_classifier", withheldReasons: "novel_input", probabilityUp: null, served: false, ...change }),
  ];
  return publishRows(
    store,
    FIRST_DAY + day * DAY + DAY / 24,
    rows.map((row) => onDay(day, row)),
  );
}
