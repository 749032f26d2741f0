import type { BackfillProgress, ImportProgress, PipelineProgress, StepHeartbeat } from "../../workflows/contract.ts";
import type { WorkSample } from "./time-left.ts";

/** A step that is being tried again, as Temporal tells it. */
export interface Retry {
  readonly step: string;
  readonly attempt: number;
  readonly reason: string;
}

/** What is known of a run at one moment. */
export interface RunView<P = PipelineProgress | BackfillProgress> {
  /** What the run itself answers; null until it has answered once. */
  readonly progress: P | null;
  /** The latest word of every step that was heard of. */
  readonly beats: readonly StepHeartbeat[];
  readonly retries: readonly Retry[];
  /** Work over time, oldest first. */
  readonly work: readonly WorkSample[];
  /** ms since the run was started */
  readonly elapsedMs: number;
}

export type PipelineView = RunView<PipelineProgress>;
export type BackfillView = RunView<BackfillProgress>;
export type ImportView = RunView<ImportProgress>;
