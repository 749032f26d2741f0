import { bar } from "./bar.ts";
import { formatDuration } from "./duration.ts";
import { newRetryLines, retryLines } from "./retries.ts";
import type { BackfillView } from "./run-view.ts";
import { timeLeft } from "./time-left.ts";

/** A backfill's progress, for a terminal. */
export function backfillLines({ progress, retries, work, elapsedMs }: BackfillView): string[] {
  if (!progress) return [`waiting for a worker · ${formatDuration(elapsedMs)}`];
  const left = progress.paused ? null : timeLeft(work);
  const head = [
    `${progress.paused ? "paused, " : ""}${progress.done} of ${progress.windows} windows, ${progress.added} candles added, ${progress.revised} revised`,
    formatDuration(elapsedMs),
    ...(left === null ? [] : [`about ${formatDuration(left)} left`]),
  ].join(" · ");
  const symbols = Object.entries(progress.bySymbol).map(
    ([symbol, { windows, done }]) => `  ${symbol.padEnd(8)}${bar(done, windows)} ${done} of ${windows} windows`,
  );
  const failed = progress.failed.map(({ error }) => `  failed: ${error}`);
  return [head, ...symbols, ...failed, ...retryLines(retries).map((line) => `  ${line}`)];
}

/** What has changed since the last view, as plain lines for a log. */
export function backfillChanges(before: BackfillView | null, now: BackfillView): string[] {
  const { progress } = now;
  if (!progress) return [];
  const was = before?.progress;
  const lines: string[] = [];
  if (was?.done !== progress.done && progress.windows > 0)
    lines.push(`${progress.done} of ${progress.windows} windows, ${progress.added} candles added`);
  if ((was?.paused ?? false) !== progress.paused) lines.push(progress.paused ? "paused" : "resumed");
  for (const { error } of progress.failed.slice(was?.failed.length ?? 0)) lines.push(`failed: ${error}`);
  return [...lines, ...newRetryLines(before?.retries ?? [], now.retries)];
}
