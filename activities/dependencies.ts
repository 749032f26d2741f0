import type { CandleCounts } from "../core/vocabulary/ingest-counts.ts";
import type { Settings } from "../settings/settings.ts";
import type { CandleSource } from "../sources/candle-source.ts";
import type { ObjectStore } from "../storage/object-store/object-store.ts";
import type { FitPool } from "./train/fit-pool.ts";

/** What the activities work with; the worker builds it once. */
export interface ActivityDependencies {
  readonly store: ObjectStore;
  readonly sources: Readonly<Record<string, CandleSource>>;
  readonly settings: Settings;
  /** Threads on which models are fitted. */
  readonly fitPool: FitPool;
  readonly codeVersion: string;
  /** The wall clock, ms since the epoch. */
  readonly now: () => number;
  readonly metrics?: StepMetrics;
}

/** What steps count beside their results: an attempt that fails after it has stored candles has no result. */
export interface StepMetrics {
  candles(source: string, counts: CandleCounts): void;
  /** Forecasts that a manifest was published with. */
  forecastsKept(counts: { readonly given: number; readonly withheld: number }): void;
  /** @param counts forecasts that got their first or another score, and manifests whose target candles have not closed */
  outcomes(counts: { readonly scored: number; readonly rescored: number; readonly open: number }): void;
}
