import { formatDuration } from "./duration.ts";
import { foldsOf } from "./pipeline-lines.ts";
import { reasonFor } from "./reason.ts";
import { newRetryLines } from "./retries.ts";
import type { PipelineView } from "./run-view.ts";
import { timeLeft } from "./time-left.ts";

/** A training gets a line for each quarter. */
const PARTS = 4;

/** What has changed since the last view, as plain lines for a log. */
export function pipelineChanges(before: PipelineView | null, now: PipelineView): string[] {
  if (!now.progress) return [];
  const lines: string[] = [];
  const known = before?.progress;
  if (known?.stage !== now.progress.stage && now.progress.stage !== "ingest")
    lines.push(`stage: ${now.progress.stage} (${formatDuration(now.elapsedMs)})`);
  for (const [symbol, entry] of Object.entries(now.progress.symbols)) {
    const was = known?.symbols[symbol];
    if (was?.stage === entry.stage && (was.rows === entry.rows || entry.stage !== "ingest")) continue;
    if (entry.stage === "waiting") continue;
    const facts = [
      entry.rows > 0 ? `${entry.rows} rows` : "",
      entry.source ? `from ${entry.source}` : "",
      reasonFor(symbol, entry.error),
    ].filter(Boolean);
    lines.push(`${symbol}: ${entry.stage}${facts.length ? `, ${facts.join(", ")}` : ""}`);
  }
  const left = timeLeft(now.work);
  for (const { label, status } of now.progress.trainings) {
    const was = known?.trainings.find((training) => training.label === label)?.status;
    if (was !== status && status !== "waiting") lines.push(`${label}: ${status}`);
    const beat = now.beats.find((candidate) => candidate.label === label);
    const earlier = before?.beats.find((candidate) => candidate.label === label);
    if (status === "running" && beat && partOf(beat.done, beat.total) > partOf(earlier?.done ?? 0, earlier?.total ?? beat.total)) {
      lines.push(`${label}: ${foldsOf(beat.done, beat.total)}${left === null ? "" : `, about ${formatDuration(left)} left in total`}`);
    }
  }
  return [...lines, ...newRetryLines(before?.retries ?? [], now.retries)];
}

function partOf(done: number, total: number): number {
  return total > 0 ? Math.floor((done / total) * PARTS) : 0;
}
