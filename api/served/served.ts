import type { Manifest, SymbolEntry } from "../../core/manifests/manifest.ts";
import type { Model } from "../../core/models/model.ts";
import type { SymbolReport } from "../../core/reports/report.ts";
import type { NewestRow } from "../../core/serving/newest-row.ts";

/** A symbol's newest row, with what the API checks and shows beside predictions. */
export interface LoadedRow extends NewestRow {
  /** closes of the newest candles, oldest first; the last is `close` */
  readonly recentCloses: Float64Array;
  /** digest of the feature set that computed it */
  readonly featureSet: string;
}

/** A symbol's report, or as a sentence why there is none to show. */
export type LoadedReport = { readonly report: SymbolReport; readonly absent: null } | { readonly report: null; readonly absent: string };

export interface LoadedSymbol {
  readonly entry: SymbolEntry;
  readonly row: LoadedRow;
  /** candles ahead; a stale entry keeps that of the run that made it */
  readonly horizon: number;
  readonly report: LoadedReport;
}

/** A manifest with everything that predictions need, all of it loaded. */
export interface Served {
  readonly manifest: Manifest;
  readonly symbols: ReadonlyMap<string, LoadedSymbol>;
  /** model files by key */
  readonly models: ReadonlyMap<string, Model>;
}
