import type { BackfillProgress, ImportProgress, PipelineProgress } from "../../workflows/contract.ts";
import { coinsOf } from "./coins-of.ts";
import { STAGE_WORDS } from "./pipeline-lines.ts";

/** How far a run is, in one line. */
export interface ProgressWords {
  readonly words: string;
  /** parts; both null while they aren't known */
  readonly done: number | null;
  readonly total: number | null;
}

/** What a run's `progress` query answers, in one line. */
export function progressWords(progress: PipelineProgress | BackfillProgress | ImportProgress): ProgressWords {
  if ("stage" in progress) return pipelineWords(progress);
  const { done, added } = progress;
  if ("files" in progress) return parts(`${done} of ${progress.files} files, ${added} candles added`, done, progress.files);
  const { windows, paused } = progress;
  return parts(`${paused ? "paused, " : ""}${done} of ${windows} windows, ${added} candles added`, done, windows);
}

function pipelineWords({ stage, symbols, counts, trainings }: PipelineProgress): ProgressWords {
  const words = STAGE_WORDS[stage];
  if (stage === "training") {
    const over = trainings.filter(({ status }) => status !== "waiting" && status !== "running").length;
    return parts(`${words}: ${over} of ${trainings.length} models`, over, trainings.length);
  }
  if (stage !== "ingest") return { words, done: null, total: null };
  const { over, all } = coinsOf({ symbols, counts });
  return parts(`${words}: ${over} of ${all} coins`, over, all);
}

function parts(words: string, done: number, total: number): ProgressWords {
  return total > 0 ? { words, done, total } : { words, done: null, total: null };
}
