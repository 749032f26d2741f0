import type { KeptForecast } from "../../core/scoring/kept-forecast.ts";
import type { OpenManifest } from "../../core/scoring/scoring-state.ts";
import { keyOf, periodOf } from "../../storage/layout.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import { readForecasts } from "../../storage/prediction-files/forecast-store.ts";
import type { OutcomePlace } from "../../storage/prediction-files/outcome-store.ts";
import { brokenObject } from "./broken-object.ts";

/** Forecasts whose target candles should have closed, and the file of outcomes that they belong to. */
export interface DueFile {
  readonly place: OutcomePlace;
  readonly forecasts: readonly KeptForecast[];
}

export interface DueForecasts {
  /** by the key of the file */
  readonly files: ReadonlyMap<string, DueFile>;
  /** Of each manifest that was read, when it is due again (null: never), and the keys of the files that its forecasts belong to. */
  readonly read: ReadonlyMap<string, { readonly dueAt: number | null; readonly keys: readonly string[] }>;
  /** Manifests whose forecasts can't be read, with what is wrong. */
  readonly broken: ReadonlyMap<string, string>;
}

/** The forecasts of manifests whose target candles should have closed at a time, ms UTC. */
export async function readDue(
  reader: ObjectReader,
  manifests: readonly OpenManifest[],
  { at, signal }: { at: number; signal: AbortSignal },
): Promise<DueForecasts> {
  const files = new Map<string, { place: OutcomePlace; forecasts: KeptForecast[] }>();
  const read = new Map<string, { dueAt: number | null; keys: readonly string[] }>();
  const broken = new Map<string, string>();
  for (const { version, forecasts } of manifests) {
    signal.throwIfAborted();
    try {
      const rows = await readForecasts(reader, forecasts);
      const closed = rows.filter(({ targetCloseTime }) => targetCloseTime <= at);
      const byFile = Map.groupBy(closed, (row) => keyOf("outcomes", placeOf(row)));
      for (const [key, own] of byFile) {
        const file = files.get(key) ?? { place: placeOf(own[0]), forecasts: [] };
        file.forecasts.push(...own);
        files.set(key, file);
      }
      read.set(version, { dueAt: nextClose(rows, at), keys: [...byFile.keys()] });
    } catch (error) {
      broken.set(version, brokenObject(error));
    }
  }
  return { files, read, broken };
}

/** When the next target candle closes after a time; null: all have closed. */
function nextClose(rows: readonly KeptForecast[], at: number): number | null {
  const later = rows.filter(({ targetCloseTime }) => targetCloseTime > at).map(({ targetCloseTime }) => targetCloseTime);
  return later.length === 0 ? null : later.reduce((a, b) => Math.min(a, b));
}

function placeOf({ interval, symbol, targetOpenTime }: KeptForecast): OutcomePlace {
  return { interval, symbol, period: periodOf(interval, targetOpenTime) };
}
