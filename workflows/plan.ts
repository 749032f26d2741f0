import type { WindowNeed } from "../core/backfill/plan-windows.ts";
import type { IngestCounts } from "../core/vocabulary/ingest-counts.ts";
import type { Interval } from "../core/vocabulary/interval.ts";
import type { AlgorithmName, Scope } from "../core/vocabulary/model-names.ts";
import type { ObjectRef } from "../core/vocabulary/object-ref.ts";
import type { TimeRange } from "../core/vocabulary/time-range.ts";
import type { BackfillInput, BackfillNeeds, BackfillProgress, SymbolResult } from "./contract.ts";

/** Everything that a run's steps need, settled once at its start. */
export interface RunPlan {
  readonly asOf: string;
  readonly interval: Interval;
  readonly horizon: number;
  readonly scope: Scope | "both";
  readonly parallelism: number;
  readonly symbols: readonly SymbolPlan[];
}

export interface SymbolPlan {
  readonly symbol: string;
  readonly simulated: boolean;
  /** Sources to try, in order. */
  readonly sources: readonly string[];
}

export interface IngestSymbolInput extends SymbolPlan {
  readonly interval: Interval;
  readonly asOf: string;
  readonly parent: { readonly workflowId: string } | null;
  /** Carried over a continue-as-new. */
  readonly resume?: {
    readonly source: string;
    readonly range: TimeRange;
    readonly known: boolean;
    readonly counts: IngestCounts;
    readonly startedAt: string;
  };
}

/** What the steps after ingestion need to know of a symbol. */
export interface SymbolOutcome {
  readonly result: SymbolResult;
  /** The stored description of candles and features; null where the symbol failed. */
  readonly snapshot: ObjectRef | null;
}

/** Signal from a symbol's child to the run that started it. */
export interface SymbolUpdate {
  readonly symbol: string;
  readonly stage: "ingest" | "features";
  readonly rows: number;
  readonly requests: number;
  readonly source: string | null;
}
export const SYMBOL_UPDATE_SIGNAL = "symbolUpdate";

/** Symbols whose models are trained together. */
export interface TrainingGroup {
  /** `pooled/real`, `pooled/simulated`, `coin/BTC` … */
  readonly key: string;
  readonly scope: Scope;
  readonly members: readonly { readonly symbol: string; readonly snapshot: ObjectRef }[];
  /** Digest of everything that decides the outcome. */
  readonly digest: string;
  /** The newest manifest holds this very training already. */
  readonly reused: boolean;
}

export interface TrainedModel {
  readonly algorithm: AlgorithmName;
  readonly file: ObjectRef;
  /** Its out-of-sample predictions. */
  readonly predictions: ObjectRef;
}

export interface TrainedGroup {
  readonly key: string;
  readonly scope: Scope;
  readonly digest: string;
  readonly symbols: readonly string[];
  readonly models: readonly TrainedModel[];
  /** Every out-of-sample prediction with interval, actual and baseline. */
  readonly evaluation: ObjectRef;
  /** Metrics, skill and role per symbol and model. */
  readonly assessment: ObjectRef;
  /** Each symbol's report; absent in groups that were assessed before there were reports. */
  readonly reports?: ObjectRef;
}

/** One page asked for, cleaned and stored. */
export interface PageOutcome {
  readonly counts: IngestCounts;
  readonly next: TimeRange | null;
  /** Candles missing in the middle of what the page claims to cover. */
  readonly missing: number;
}

export interface BackfillState extends BackfillInput {
  /** Carried over a continue-as-new. */
  readonly carried?: {
    readonly plan: BackfillPlan;
    readonly nextWindow: number;
    readonly progress: BackfillProgress;
  };
}

export interface BackfillPlan {
  readonly interval: Interval;
  readonly asOf: string;
  readonly range: TimeRange;
  readonly symbols: readonly SymbolPlan[];
  readonly parallelism: number;
  readonly needs: BackfillNeeds;
  /** Number of windows by symbol, where there are any. */
  readonly windows: Readonly<Record<string, number>>;
  /** The stored list of windows; null where nothing has to be fetched. */
  readonly file: ObjectRef | null;
}

export interface BackfillWindow extends WindowNeed {
  readonly symbol: string;
}

/** How a window ended; `error` null where it went well. */
export interface WindowRecord {
  readonly symbol: string;
  readonly range: TimeRange;
  readonly error: string | null;
}
