import {
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  isCancellation,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from "@temporalio/workflow";
import { checkBackfillInput } from "./check-input.ts";
import { type BackfillProgress, type BackfillResult, PAUSE_SIGNAL, PROGRESS_QUERY, RESUME_SIGNAL } from "./contract.ts";
import { rootFailure } from "./failures.ts";
import { ingestRange } from "./ingest-range.ts";
import { addCounts, type BackfillPlan, type BackfillState, NO_COUNTS, type SymbolPlan } from "./plan.ts";
import { describeRun, describeStage } from "./search-attributes.ts";
import { storeSteps } from "./steps.ts";
import { type BackfillWindow, planWindows } from "./windows.ts";

export const backfillProgressQuery = defineQuery<BackfillProgress>(PROGRESS_QUERY);
export const pauseSignal = defineSignal(PAUSE_SIGNAL);
export const resumeSignal = defineSignal(RESUME_SIGNAL);

/** Windows of one run before it continues as new: some 1,500 events. */
const WINDOWS_PER_RUN = 100;

/**
 * Fetches a stretch of history again, window by window, into the store. It trains nothing: the next pipeline run
 * sees the new candles and does.
 *
 * `pause` lets the windows under way finish and starts no more until `resume`. A window that fails is recorded and
 * the others go on; the result names it, so that a second run can take it up.
 *
 * History: bounded by {@link WINDOWS_PER_RUN} windows, then it continues as new.
 */
export async function backfill(given: BackfillState): Promise<BackfillResult> {
  const input = checkBackfillInput(given);
  const { taskQueue, startTime } = workflowInfo();
  let paused = input.carried?.progress.paused ?? false;
  let progress: BackfillProgress = input.carried?.progress ?? {
    paused,
    windows: 0,
    done: 0,
    added: 0,
    revised: 0,
    failed: [],
    bySymbol: {},
  };
  setHandler(backfillProgressQuery, () => ({ ...progress, paused }));
  setHandler(pauseSignal, () => {
    paused = true;
    describeStage("paused");
  });
  setHandler(resumeSignal, () => {
    paused = false;
    describeStage("backfill");
  });

  const plan: BackfillPlan =
    input.carried?.plan ??
    (await storeSteps().planBackfill.executeWithOptions({ summary: "what this backfill does" }, [
      { ...input, asOf: startTime.toISOString() },
    ]));
  const windows = planWindows(plan);
  if (!input.carried) {
    describeRun(
      plan.symbols.map(({ symbol }) => symbol),
      "backfill",
    );
    progress = { ...progress, windows: windows.length, bySymbol: countBySymbol(windows) };
  }
  describeStage(paused ? "paused" : "backfill");

  let next = input.carried?.nextWindow ?? 0;
  const end = Math.min(next + WINDOWS_PER_RUN, windows.length);
  const lane = async () => {
    for (;;) {
      await condition(() => !paused);
      if (next >= end) return;
      const window = windows[next++];
      const outcome = await fetchWindow(plan, window, taskQueue);
      progress = countWindow(progress, window, outcome);
    }
  };
  await Promise.all(Array.from({ length: plan.parallelism }, lane));

  if (next < windows.length) {
    const { carried: _, ...rest } = input;
    await continueAsNew<typeof backfill>({ ...rest, carried: { plan, nextWindow: next, progress: { ...progress, paused } } });
  }
  describeStage(progress.failed.length ? "failed" : "done");
  const summary = `${progress.done} of ${progress.windows} windows: ${progress.added} candles added, ${progress.revised} revised, ${progress.failed.length} windows failed.`;
  setCurrentDetails([summary, "", ...progress.failed.map(({ error }) => `- ${error}`)].join("\n"));
  return { ...progress, paused, summary };
}

interface WindowOutcome {
  readonly added: number;
  readonly revised: number;
  readonly error: string | null;
}

/** One window from the first of the symbol's sources that answers. */
async function fetchWindow(plan: BackfillPlan, window: BackfillWindow, taskQueue: string): Promise<WindowOutcome> {
  const reasons: string[] = [];
  let counts = NO_COUNTS;
  for (const source of sourcesOf(plan.symbols, window.symbol)) {
    try {
      const done = await ingestRange(
        {
          symbol: window.symbol,
          interval: plan.interval,
          asOf: plan.asOf,
          source,
          range: window.range,
          known: false,
          taskQueue,
          maxPages: Number.POSITIVE_INFINITY,
        },
        (page) => {
          counts = addCounts(counts, page.counts);
        },
      );
      return { added: done.counts.added, revised: done.counts.revised, error: null };
    } catch (error) {
      if (isCancellation(error)) throw error;
      reasons.push(rootFailure(error).message);
    }
  }
  const from = new Date(window.range.from).toISOString().slice(0, 10);
  return { added: counts.added, revised: counts.revised, error: `${window.symbol} from ${from}: ${reasons.join("; ")}` };
}

function sourcesOf(symbols: readonly SymbolPlan[], symbol: string): readonly string[] {
  return symbols.find((plan) => plan.symbol === symbol)?.sources ?? [];
}

function countBySymbol(windows: readonly BackfillWindow[]): Record<string, { windows: number; done: number }> {
  const counts: Record<string, { windows: number; done: number }> = {};
  for (const { symbol } of windows) counts[symbol] = { windows: (counts[symbol]?.windows ?? 0) + 1, done: 0 };
  return counts;
}

function countWindow(progress: BackfillProgress, { symbol }: BackfillWindow, outcome: WindowOutcome): BackfillProgress {
  const entry = progress.bySymbol[symbol];
  return {
    ...progress,
    done: progress.done + 1,
    added: progress.added + outcome.added,
    revised: progress.revised + outcome.revised,
    failed: outcome.error ? [...progress.failed, { symbol, error: outcome.error.slice(0, 300) }].slice(0, 100) : progress.failed,
    bySymbol: { ...progress.bySymbol, [symbol]: { ...entry, done: entry.done + 1 } },
  };
}
