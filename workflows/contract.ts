import type { ImportedFile } from "../activities/import/import-file.ts";
import type { PublishedManifest } from "../activities/publish/publish-manifest.ts";
import type { ScoringRoundResult } from "../activities/score/score-forecasts.ts";
import type { BackfillNeeds } from "../core/backfill/plan-backfill.ts";
import type { FailedTrainings } from "../core/evaluation/group-key.ts";
import type { Universe } from "../core/universe/universe.ts";
import type { IngestCounts } from "../core/vocabulary/ingest-counts.ts";
import type { MOST_LISTED, StoredList } from "../core/vocabulary/listed.ts";
import type { SuspectJump } from "../core/vocabulary/suspect-jump.ts";

export type { StepHeartbeat } from "../activities/heartbeat.ts";
export type { ImportedFile } from "../activities/import/import-file.ts";
export type { RetentionResult } from "../activities/retention/collect-garbage.ts";
export type { BackfillInput } from "./inputs/backfill-input.ts";
export type { ImportInput } from "./inputs/import-input.ts";
export type { PipelineInput } from "./inputs/pipeline-input.ts";
export type { RetentionInput } from "./inputs/retention-input.ts";
export type { ScoreInput } from "./inputs/score-input.ts";

/** Names by which clients start, query and signal the workflows. Stable: engineers type them. */
export const WORKFLOW_TYPES = {
  pipeline: "pipeline",
  ingestBatch: "ingestBatch",
  ingestSymbol: "ingestSymbol",
  backfill: "backfill",
  retention: "retention",
  importCandles: "importCandles",
  score: "score",
} as const;
export const SCHEDULE_ID = "candlecast-daily";
/** Memo of a run: seconds after which its page names a queue that no worker polls. */
export const WORKER_WAIT_MEMO = "workerWaitSeconds";
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

/** Live runs come first: on one queue, the server hands out lower numbers before higher ones. The default is 3. */
export const BACKFILL_PRIORITY = 5;

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
  /** Where prices jump as no market does; not there in runs of before. */
  readonly suspectJumps?: readonly SuspectJump[];
  readonly counts: IngestCounts;
  readonly seconds: { readonly ingest: number; readonly features: number };
}

/** The results of very many symbols. */
export interface AllSymbols {
  /** A list of {@link SymbolOutcome} of before the training. */
  readonly outcomes: StoredList;
  readonly failedTrainings: FailedTrainings;
}

/** The result of a run, kept small: models and metrics are in the manifest that it names. */
export interface PipelineResult {
  readonly manifest: PublishedManifest["manifest"];
  /** What happened, as a sentence. */
  readonly summary: string;
  readonly asOf: string;
  /** Every symbol's; of more than {@link MOST_LISTED} symbols those that failed, as many of them. */
  readonly symbols: readonly SymbolResult[];
  /** Only there where {@link symbols} doesn't hold them all. */
  readonly allSymbols?: AllSymbols;
  /** The ranked coins; null where all symbols were named. */
  readonly universe: Universe | null;
  /** How kept forecasts were scored at the end; not there in runs of before. */
  readonly scoring?: Scoring;
  readonly seconds: { readonly ingest: number; readonly training: number; readonly publish: number; readonly total: number };
}

/** What became of the scoring at the end of a run. One that fails fails nothing else: the next one catches up. */
export interface Scoring {
  /** As a sentence; null where it went well. */
  readonly error: string | null;
  /** null where it failed */
  readonly result: ScoreResult | null;
}

/** What a scoring did: the sums of its rounds; `waiting` and `open` as the last one left them. */
export interface ScoreResult extends ScoringRoundResult {
  /** What happened, as a sentence. */
  readonly summary: string;
}

export type SymbolStage = "waiting" | "ingest" | "features" | "ready" | "failed";

export interface PipelineProgress {
  readonly stage: "ingest" | "training" | "publish" | "scoring" | "done";
  readonly startedAt: string;
  /** Symbols in all by stage; not there in runs of before, whose {@link symbols} are all of them. */
  readonly counts?: Readonly<Record<SymbolStage, number>>;
  /** Of more than {@link MOST_LISTED} those that are at work or failed come first. */
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
  /** Ids of child runs that fetch candles now; not there in runs of before. */
  readonly children?: readonly string[];
  readonly trainings: readonly { readonly label: string; readonly status: "waiting" | "running" | "done" | "reused" | "failed" }[];
  readonly manifest: string | null;
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
  /** Ended by a cancellation: finished windows stay, no other was started. */
  readonly cancelled: boolean;
  readonly summary: string;
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
