import type { IngestCounts } from "../core/vocabulary/ingest-counts.ts";
import type { Interval } from "../core/vocabulary/interval.ts";
import type { Scope } from "../core/vocabulary/model-names.ts";

/** Names by which clients start, query and signal the workflows. Stable: engineers type them. */
export const WORKFLOW_TYPES = {
  pipeline: "pipeline",
  ingestSymbol: "ingestSymbol",
  backfill: "backfill",
  retention: "retention",
  importCandles: "importCandles",
} as const;
export const SCHEDULE_ID = "candlecast-daily";
export const PROGRESS_QUERY = "progress";
export const PAUSE_SIGNAL = "pause";
export const RESUME_SIGNAL = "resume";
export const SET_PARALLELISM_UPDATE = "setParallelism";

/** Typed search attributes. */
export const SEARCH_ATTRIBUTES = {
  CandlecastSymbol: "KeywordList",
  CandlecastStage: "Keyword",
  CandlecastTrigger: "Keyword",
  /** `promoted` or `no_skill` for the run, and per symbol `BTC:champion=ensemble`, `BTC:no_skill` or `BTC:failed`. */
  CandlecastDecision: "KeywordList",
  /** The best skill of a model over its coins. */
  CandlecastSkill: "Double",
} as const;

/** Live runs come first: on one queue the server hands out a lower number before a higher; what says nothing has 3. */
export const BACKFILL_PRIORITY = 5;
export const MAX_PARALLELISM = 64;

/** Activities of a kind have their own queue, so that its limits hold over all workers. */
export function cpuQueue(taskQueue: string): string {
  return `${taskQueue}-cpu`;
}
export function sourceQueue(taskQueue: string, source: string): string {
  return `${taskQueue}-source-${source}`;
}

/** Everything that a run needs to know is in its input or in the worker's settings; what is absent comes from the settings. */
export interface PipelineInput {
  /** Symbols, or selectors like `top:50`. */
  readonly symbols?: readonly string[];
  readonly interval?: Interval;
  /** ISO 8601; default: the scheduled time of the run, or when it started. */
  readonly asOf?: string;
  readonly horizon?: number;
  readonly scope?: Scope | "both";
  /** Name of a source, or `auto`. */
  readonly source?: string;
  /** Symbols at work at the same time (default 4). */
  readonly parallelism?: number;
  /** Shown in the run list: `schedule`, `start`, `manual`, `backfill` … (default `manual`). */
  readonly trigger?: string;
}

export interface SymbolResult {
  readonly symbol: string;
  readonly status: "ok" | "failed";
  /** As a sentence; null where it went well. */
  readonly error: string | null;
  readonly source: string | null;
  readonly simulated: boolean;
  readonly rows: number;
  readonly missing: number;
  readonly firstOpenTime: string | null;
  readonly lastOpenTime: string | null;
  readonly counts: IngestCounts;
  readonly seconds: { readonly ingest: number; readonly features: number };
}

/** What a run hands back: small. The models and their metrics are in the manifest that it names. */
export interface PipelineResult {
  readonly manifest: { readonly version: string; readonly key: string; readonly published: boolean } | null;
  /** What happened, as a sentence. */
  readonly summary: string;
  readonly asOf: string;
  readonly symbols: readonly SymbolResult[];
  /** Where the coins were ranked: what came of it. Null where all symbols were named. */
  readonly universe: Universe | null;
  readonly seconds: { readonly ingest: number; readonly training: number; readonly publish: number; readonly total: number };
}

/** The coins of a run that asked for the largest ones. */
export interface Universe {
  /** how many were asked for */
  readonly top: number;
  readonly source: string;
  readonly by: "market cap" | "quote volume";
  /** ISO 8601: when they were ranked. */
  readonly rankedAt: string;
  /** Largest first; symbols that were named besides are not in it. */
  readonly symbols: readonly string[];
  /** Why the ranking could not be had, so that the newest manifest's coins were taken; null where it could. */
  readonly problem: string | null;
  /** Coins of the newest manifest that this run leaves out, with their rank; null: not among the ranked coins at all. */
  readonly left: readonly { readonly symbol: string; readonly rank: number | null }[];
}

export type SymbolStage = "waiting" | "ingest" | "features" | "ready" | "failed";

export interface PipelineProgress {
  readonly stage: "ingest" | "training" | "publish" | "done";
  readonly startedAt: string;
  readonly symbols: Readonly<
    Record<
      string,
      {
        readonly stage: SymbolStage;
        readonly rows: number;
        readonly requests: number;
        readonly source: string | null;
        readonly error: string | null;
      }
    >
  >;
  readonly trainings: readonly { readonly label: string; readonly status: "waiting" | "running" | "done" | "reused" | "failed" }[];
  readonly manifest: string | null;
}

/** Heartbeat details of an activity that takes long; `done` of `total` steps, e.g. folds. */
export interface StepHeartbeat {
  readonly label: string;
  readonly done: number;
  readonly total: number;
}

export interface BackfillInput {
  /** Symbols, or selectors like `top:50`. */
  readonly symbols: readonly string[];
  readonly interval?: Interval;
  /** ISO 8601 date or time, inclusive; default: since the listing. */
  readonly from?: string;
  /** ISO 8601 date or time, exclusive; default: the candles closed when the backfill started. */
  readonly to?: string;
  readonly source?: string;
  /** Windows at work at the same time (default 4). */
  readonly parallelism?: number;
  /** ISO 8601: candles last looked at before this time are fetched again. */
  readonly staleBefore?: string;
  /** Candles of a window, 1 to 1000 (default 1000). */
  readonly windowCandles?: number;
}

/** Candles to fetch, by the reason for it. */
export interface BackfillNeeds {
  readonly missing: number;
  readonly stale: number;
  readonly failed: number;
}

export interface BackfillProgress {
  readonly paused: boolean;
  readonly parallelism: number;
  readonly windows: number;
  readonly done: number;
  readonly added: number;
  readonly revised: number;
  /** The first 50. */
  readonly failed: readonly { readonly symbol: string; readonly error: string }[];
  readonly failedWindows: number;
  readonly needs: BackfillNeeds;
  readonly bySymbol: Readonly<Record<string, { readonly windows: number; readonly done: number }>>;
}

export interface BackfillResult extends BackfillProgress {
  /** Ended by a cancellation: what is done stays, what is not was not begun. */
  readonly cancelled: boolean;
  readonly summary: string;
}

/** What is kept; what is absent comes from the defaults. */
export interface RetentionInput {
  /** The newest manifests, at least 1 (default 30). */
  readonly keep?: number;
  /** Manifests younger than this many days (default 30). */
  readonly days?: number;
  /** Objects changed within this many days are left alone (default 7, at least 2). */
  readonly graceDays?: number;
  /** Whether to delete; otherwise it is only counted (default). */
  readonly delete?: boolean;
}

export interface RetentionResult {
  /** What happened, as a sentence. */
  readonly summary: string;
  readonly latest: string | null;
  readonly manifests: number;
  readonly retained: number;
  /** Objects and bytes that no retained manifest names, by kind. */
  readonly byKind: Readonly<Record<string, { readonly objects: number; readonly bytes: number }>>;
  readonly young: number;
  readonly deleted: number;
  readonly spared: number;
}

/** Files of candles to take in, and what they don't say themselves. */
export interface ImportInput {
  /** Paths as the worker sees them; CSV, gzipped or not, or Parquet. At most 300. */
  readonly files: readonly string[];
  /** Of files without a column of symbols. */
  readonly symbol?: string;
  /** Default: what the distance of the rows says. */
  readonly interval?: Interval;
  /** Recorded as the candles' source (default `file`). */
  readonly source?: string;
  /** For dates that begin with day and month, where no day above 12 tells. */
  readonly dateOrder?: "dmy" | "mdy";
  /** ISO 8601: when the files were made; candles that closed later are left out. */
  readonly asOf?: string;
}

export interface ImportedFile {
  readonly file: string;
  /** As a sentence; null where it went well. */
  readonly error: string | null;
  /** The first of its symbols. */
  readonly symbols: readonly string[];
  readonly interval: Interval | null;
  readonly counts: IngestCounts;
  /** The first rows that were refused as wrong: symbol, open time and reason. */
  readonly rejectedRows: readonly string[];
}

export interface ImportProgress {
  readonly files: number;
  readonly done: number;
  readonly failed: number;
  readonly added: number;
}

export interface ImportResult {
  /** What happened, as a sentence. */
  readonly summary: string;
  readonly counts: IngestCounts;
  readonly failed: number;
  /** Every file that failed, then the others, at most 100. */
  readonly files: readonly ImportedFile[];
}
