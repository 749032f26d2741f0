import type { WindowNeed } from "../core/backfill/plan-windows.ts";
import type { Interval } from "../core/candles/interval.ts";
import type { TimeRange } from "../core/candles/plan-ingest.ts";
import type { AlgorithmName, ObjectRef, Scope } from "../core/manifests/manifest.ts";
import type { BackfillInput, BackfillNeeds, BackfillProgress, IngestCounts, SymbolResult } from "./contract.ts";

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

export const NO_COUNTS: IngestCounts = { requests: 0, received: 0, added: 0, revised: 0, dropped: {}, rejected: {} };

/** Sum of two counts, reason by reason. */
export function addCounts(a: IngestCounts, b: IngestCounts): IngestCounts {
  return {
    requests: a.requests + b.requests,
    received: a.received + b.received,
    added: a.added + b.added,
    revised: a.revised + b.revised,
    dropped: addByReason(a.dropped, b.dropped),
    rejected: addByReason(a.rejected, b.rejected),
  };
}

function addByReason(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  const sum: Record<string, number> = { ...a };
  for (const [reason, n] of Object.entries(b)) sum[reason] = (sum[reason] ?? 0) + n;
  return sum;
}
