import type { PipelineProgress } from "../../workflows/contract.ts";
import { bar } from "./bar.ts";
import { coinsOf } from "./coins-of.ts";
import { formatDuration } from "./duration.ts";
import { reasonFor } from "./reason.ts";
import { retryLines } from "./retries.ts";
import type { PipelineView } from "./run-view.ts";
import { timeLeft } from "./time-left.ts";

export const STAGE_WORDS: Record<PipelineProgress["stage"], string> = {
  ingest: "fetching candles, computing features",
  training: "training and evaluating models",
  publish: "publishing",
  scoring: "scoring earlier forecasts",
  done: "done",
};

/** A pipeline run's progress, for a terminal: a line per symbol and per training, and the time left. */
export function pipelineLines({ progress, beats, retries, work, elapsedMs }: PipelineView): string[] {
  if (!progress) return [`waiting for a worker · ${formatDuration(elapsedMs)}`];
  const left = progress.stage === "training" ? timeLeft(work) : null;
  const head = [
    STAGE_WORDS[progress.stage],
    formatDuration(elapsedMs),
    ...(left === null ? [] : [`about ${formatDuration(left)} left`]),
  ].join(" · ");
  const symbols = Object.entries(progress.symbols).map(([symbol, entry]) => {
    const facts = [
      entry.rows > 0 ? `${entry.rows} rows` : "",
      entry.requests > 0 ? `${entry.requests} requests` : "",
      entry.source ?? "",
      reasonFor(symbol, entry.error),
    ];
    return `  ${symbol.padEnd(8)}${entry.stage.padEnd(10)}${facts.filter(Boolean).join(", ")}`;
  });
  const trainings = progress.trainings
    .filter(({ status }) => status === "running" || status === "failed")
    .map(({ label, status }) => {
      const beat = beats.find((candidate) => candidate.label === label);
      return `  ${label.padEnd(40)}${status === "failed" ? "failed" : beat ? `${bar(beat.done, beat.total)} ${foldsOf(beat.done, beat.total)}` : "starting"}`;
    });
  const over = progress.trainings.filter(({ status }) => status === "done" || status === "reused").length;
  const summary = progress.trainings.length > 0 ? [`  models: ${over} of ${progress.trainings.length} ready`] : [];
  const { over: ready, all } = coinsOf(progress);
  const coins = all > Object.keys(progress.symbols).length ? [`  coins: ${ready} of ${all} ready or failed`] : [];
  return [head, ...coins, ...symbols, ...summary, ...trainings, ...retryLines(retries).map((line) => `  ${line}`)];
}

/** A training's last step is the fit on all rows. */
export function foldsOf(done: number, total: number): string {
  const folds = total - 1;
  return done >= folds ? `${folds} folds trained, final fit` : `${done} of ${folds} folds trained`;
}
