import type { BackfillPlan } from "../activities/backfill/plan-backfill.ts";
import type { BackfillNeeds } from "../core/backfill/plan-backfill.ts";
import type { BackfillProgress } from "./contract.ts";

const MAX_ROWS = 60;

/** What a backfill has done so far, as a sentence. */
export function backfillSummary(plan: BackfillPlan | null, progress: BackfillProgress, cancelled: boolean): string {
  if (!plan) return "Cancelled before anything was planned.";
  const { done, windows, added, revised, failedWindows } = progress;
  const stretch = `${plan.symbols.length} symbols from ${day(plan.range.from)} to ${day(plan.range.to)}`;
  if (windows === 0) return `Nothing to fetch: no ${plan.interval} candle of ${stretch} is missing, stale or failed.`;
  const counts = `${done} of ${windows} windows: ${added} candles added, ${revised} revised, ${failedWindows} windows failed.`;
  return cancelled ? `Cancelled after ${counts} Stored candles stay; another backfill fetches the rest.` : counts;
}

/** The run's page: its progress symbol by symbol, what failed, and how to control it. */
export function backfillPage(plan: BackfillPlan, progress: BackfillProgress, cancelled: boolean): string {
  const rows = Object.entries(progress.bySymbol);
  const table = rows.slice(0, MAX_ROWS).map(([symbol, { windows, done }]) => `| ${symbol} | ${windows} | ${done} |`);
  const state = progress.paused ? "paused" : `${progress.parallelism} windows at the same time`;
  return [
    backfillSummary(plan, progress, cancelled),
    "",
    `Planned: ${needsText(progress.needs)}; ${plan.interval} candles, ${state}.`,
    "",
    ...(rows.length > 0 ? ["| symbol | windows | done |", "|---|---|---|", ...table] : []),
    ...(rows.length > MAX_ROWS ? [`| … ${rows.length - MAX_ROWS} more | | |`] : []),
    ...(progress.failed.length > 0 ? ["", "Failed:", ...progress.failed.map(({ error }) => `- ${error}`)] : []),
    ...(progress.failedWindows > progress.failed.length ? [`- … ${progress.failedWindows - progress.failed.length} more`] : []),
    "",
    "Send the signal `pause` or `resume`, or the update `setParallelism` with a number. Cancelling keeps the stored candles.",
  ].join("\n");
}

/** `3 candles missing, 1 stale` */
export function needsText({ missing, stale, failed }: BackfillNeeds): string {
  const parts = [
    [missing, "missing"],
    [stale, "stale"],
    [failed, "failed before"],
  ] as const;
  const some = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return some.length > 0 ? `candles ${some.join(", ")}` : "no candle missing, stale or failed";
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace("T00:00", "");
}
