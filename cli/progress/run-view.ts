import type { BackfillProgress, ImportProgress, PipelineProgress, StepHeartbeat } from "../../workflows/contract.ts";
import type { WorkSample } from "./time-left.ts";

/** A step that Temporal is retrying. */
export interface Retry {
  readonly step: string;
  readonly attempt: number;
  readonly reason: string;
}

/** What is known about a run at one moment. */
export interface RunView<P = PipelineProgress | BackfillProgress> {
  /** What the run reports; null until its first answer. */
  readonly progress: P | null;
  /** The last heartbeat of every step that has sent one. */
  readonly beats: readonly StepHeartbeat[];
  readonly retries: readonly Retry[];
  /** Work over time, oldest first. */
  readonly work: readonly WorkSample[];
  /** ms since the command began to wait */
  readonly elapsedMs: number;
}

export type PipelineView = RunView<PipelineProgress>;
export type BackfillView = RunView<BackfillProgress>;
export type ImportView = RunView<ImportProgress>;
