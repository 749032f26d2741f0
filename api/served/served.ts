import type { Manifest, SymbolEntry } from "../../core/manifests/manifest.ts";
import type { Model } from "../../core/models/model.ts";
import type { SymbolReport } from "../../core/reports/report.ts";
import type { NewestRow } from "../../core/serving/newest-row.ts";
import type { Fault } from "./faults.ts";

/** How many of its newest closes are shown of a coin: so many a person can still tell apart. */
export const RECENT_CLOSES = 60;

/** A symbol's newest row, with what the API checks and shows beside predictions. */
export interface LoadedRow extends NewestRow {
  /** the newest {@link RECENT_CLOSES} closes, oldest first; the last is `close` */
  readonly recentCloses: Float64Array;
  /** digest of the feature set that computed it */
  readonly featureSet: string;
}

/** A symbol's report, or as a sentence why there is none to show. */
export type LoadedReport = { readonly report: SymbolReport; readonly absent: null } | { readonly report: null; readonly absent: string };

export interface LoadedSymbol {
  readonly entry: SymbolEntry;
  /** The manifest that the entry is of: the served one, or an older one if the coin's files in that can't be read. */
  readonly manifest: Manifest;
  /** version of the served manifest, where `manifest` is an older one */
  readonly insteadOf: string | null;
  readonly row: LoadedRow;
  /** candles ahead; a stale entry keeps that of the run that made it */
  readonly horizon: number;
  readonly report: LoadedReport;
  readonly faults: readonly Fault[];
}

/** A manifest with everything that predictions need, all of it loaded. */
export interface Served {
  readonly manifest: Manifest;
  readonly symbols: ReadonlyMap<string, LoadedSymbol>;
  /** coins of the manifest that can't be served, not even from an older one */
  readonly unreadable: ReadonlyMap<string, Fault>;
  /** model files by key */
  readonly models: ReadonlyMap<string, Model>;
  /** what was found broken on the way, all coins' faults included */
  readonly faults: readonly Fault[];
}
