import type { Manifest, SymbolEntry } from "../core/manifests/manifest.ts";
import type { Model } from "../core/models/model.ts";
import type { SymbolReport } from "../core/reports/report.ts";
import type { Interval } from "../core/vocabulary/interval.ts";

/** What a prediction is made of: the newest row of features, with the candle that it belongs to. */
export interface NewestRow {
  readonly interval: Interval;
  /** of the candle, ms UTC */
  readonly openTime: number;
  readonly close: number;
  /** closes of the newest candles, oldest first; the last is `close` */
  readonly recentCloses: Float64Array;
  /** standard deviation of the one-candle log return; NaN where unknown */
  readonly volatility: number;
  /** digest of the feature set that computed it */
  readonly featureSet: string;
  readonly names: readonly string[];
  /** one value per column */
  readonly columns: readonly Float64Array[];
}

/** A symbol's report, or why there is none to show, as a sentence. */
export type LoadedReport = { readonly report: SymbolReport; readonly absent: null } | { readonly report: null; readonly absent: string };

export interface LoadedSymbol {
  readonly entry: SymbolEntry;
  readonly row: NewestRow;
  /** candles ahead; a stale entry keeps that of the run that made it */
  readonly horizon: number;
  readonly report: LoadedReport;
}

/** A manifest with everything that it takes to predict, whole. */
export interface Served {
  readonly manifest: Manifest;
  readonly symbols: ReadonlyMap<string, LoadedSymbol>;
  /** model files by key */
  readonly models: ReadonlyMap<string, Model>;
}
