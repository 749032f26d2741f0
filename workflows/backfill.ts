import {
  CancellationScope,
  defineQuery,
  defineSignal,
  defineUpdate,
  isCancellation,
  makeContinueAsNewFunc,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from "@temporalio/workflow";
import { addCounts, NO_COUNTS } from "../core/vocabulary/ingest-counts.ts";
import { backfillDetails, backfillSummary } from "./backfill-report.ts";
import { checkBackfillInput, checkParallelism } from "./check-input.ts";
import {
  BACKFILL_PRIORITY,
  type BackfillProgress,
  type BackfillResult,
  PAUSE_SIGNAL,
  PROGRESS_QUERY,
  RESUME_SIGNAL,
  SET_PARALLELISM_UPDATE,
} from "./contract.ts";
import { rootFailure } from "./failures.ts";
import { ingestRange } from "./ingest-range.ts";
import { inLanes } from "./lanes.ts";
import type { BackfillPlan, BackfillState, BackfillWindow, WindowRecord } from "./plan.ts";
import { describeRun, describeStage } from "./search-attributes.ts";
import { settleUniverse } from "./settle-universe.ts";
import { storeSteps } from "./steps.ts";

export const backfillProgressQuery = defineQuery<BackfillProgress>(PROGRESS_QUERY);
export const pauseSignal = defineSignal(PAUSE_SIGNAL);
export const resumeSignal = defineSignal(RESUME_SIGNAL);
export const setParallelismUpdate = defineUpdate<BackfillProgress, [number]>(SET_PARALLELISM_UPDATE);

/** Windows of one run before it continues as new: some 1,500 events. */
const WINDOWS_PER_RUN = 100;
const MAX_FAILED = 50;
const MAX_REASON = 200;
/** Windows between two looks that the run's page is given. */
const WINDOWS_PER_PAGE = 10;

const NOTHING_YET: BackfillProgress = {
  paused: false,
  parallelism: 0,
  windows: 0,
  done: 0,
  added: 0,
  revised: 0,
  failed: [],
  failedWindows: 0,
  needs: { missing: 0, stale: 0, failed: 0 },
  bySymbol: {},
};

/**
 * Fetches what is missing, stale or failed of a stretch of history, window by window, into the store. It trains nothing:
 * the next pipeline run sees the new candles and does. Its requests wait behind those of live runs.
 *
 * `pause` lets the windows under way finish and starts no more until `resume`; `setParallelism` changes how many are
 * under way. A window that fails is remembered and the others go on, so that a second run takes it up. A cancelled run
 * ends with a result that says how far it came.
 *
 * History: bounded by {@link WINDOWS_PER_RUN} windows, then it continues as new.
 */
export async function backfill(given: BackfillState): Promise<BackfillResult> {
  const input = checkBackfillInput(given);
  let progress = input.carried?.progress ?? NOTHING_YET;
  let plan = input.carried?.plan ?? null;
  const showPage = (cancelled = false) => {
    if (plan) setCurrentDetails(backfillDetails(plan, progress, cancelled));
  };
  const pause = (paused: boolean) => {
    progress = { ...progress, paused };
    describeStage(paused ? "paused" : "backfill");
    showPage();
  };
  // A signal that came before the first task is handled right here.
  setHandler(backfillProgressQuery, () => progress);
  setHandler(pauseSignal, () => pause(true));
  setHandler(resumeSignal, () => pause(false));
  setHandler(
    setParallelismUpdate,
    (parallelism) => {
      progress = { ...progress, parallelism };
      showPage();
      return progress;
    },
    { validator: checkParallelism },
  );

  const records: WindowRecord[] = [];
  const remember = async () => {
    if (!plan || records.length === 0) return;
    await storeSteps().recordWindows.executeWithOptions({ summary: `what came of ${records.length} windows` }, [
      { interval: plan.interval, askedAt: plan.asOf, records },
    ]);
  };
  let next = input.carried?.nextWindow ?? 0;
  try {
    if (!plan) {
      plan = await planWork(input);
      progress = beginProgress(plan, progress);
    }
    const running = plan;
    describeStage(progress.paused ? "paused" : "backfill");
    showPage();
    const windows = await readNext(running, next);
    let taken = 0;
    await inLanes({
      take: () => (taken < windows.length && (taken === 0 || !endSoon()) ? windows[taken++] : null),
      limit: () => (progress.paused ? 0 : progress.parallelism),
      work: async (window) => {
        const outcome = await fetchWindow(running, window);
        records.push({ symbol: window.symbol, range: window.range, error: outcome.error });
        progress = countWindow(progress, window, outcome);
        if (progress.done % WINDOWS_PER_PAGE === 0) showPage();
      },
    });
    next += taken;
    await remember();
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await CancellationScope.nonCancellable(remember);
    describeStage("cancelled");
    showPage(true);
    return { ...progress, cancelled: true, summary: backfillSummary(plan, progress, true) };
  }

  if (next < progress.windows) {
    const { carried: _, ...rest } = input;
    await continueOnNewest({ ...rest, carried: { plan, nextWindow: next, progress } });
  }
  describeStage(progress.failedWindows > 0 ? "failed" : "done");
  showPage();
  return { ...progress, cancelled: false, summary: backfillSummary(plan, progress, false) };
}
/** The history is long, or there are newer workers. */
function endSoon(): boolean {
  const { continueAsNewSuggested, targetWorkerDeploymentVersionChanged } = workflowInfo();
  return continueAsNewSuggested || targetWorkerDeploymentVersionChanged;
}

/** It can live for days, so its next run goes to the newest version of the workers; each run ends on the one it began with. */
function continueOnNewest(state: BackfillState): Promise<never> {
  const versioned = workflowInfo().currentDeploymentVersion !== undefined;
  return makeContinueAsNewFunc<typeof backfill>(versioned ? { initialVersioningBehavior: "AUTO_UPGRADE" } : {})(state);
}

async function planWork({ symbols, source, ...input }: BackfillState): Promise<BackfillPlan> {
  const { taskQueue, startTime } = workflowInfo();
  const settled = await settleUniverse({ symbols, source }, taskQueue);
  const plan = await storeSteps().planBackfill.executeWithOptions({ summary: "what is missing, stale or failed" }, [
    { ...input, ...(source ? { source } : {}), symbols: settled.symbols, asOf: startTime.toISOString() },
  ]);
  describeRun(
    plan.symbols.map(({ symbol }) => symbol),
    "backfill",
  );
  return plan;
}

/** What was said to the run while it planned still holds. */
function beginProgress(plan: BackfillPlan, { paused, parallelism }: BackfillProgress): BackfillProgress {
  const bySymbol = Object.fromEntries(Object.entries(plan.windows).map(([symbol, windows]) => [symbol, { windows, done: 0 }]));
  return {
    ...NOTHING_YET,
    paused,
    parallelism: parallelism || plan.parallelism,
    windows: Object.values(plan.windows).reduce((sum, n) => sum + n, 0),
    needs: plan.needs,
    bySymbol,
  };
}

async function readNext({ file }: BackfillPlan, from: number): Promise<readonly BackfillWindow[]> {
  if (!file) return [];
  const { windows } = await storeSteps().readWindows.executeWithOptions({ summary: `windows from ${from + 1} on` }, [
    { file, from, count: WINDOWS_PER_RUN },
  ]);
  return windows;
}

interface WindowOutcome {
  readonly added: number;
  readonly revised: number;
  readonly error: string | null;
}

/** One window from the first of the symbol's sources that answers. */
async function fetchWindow(plan: BackfillPlan, { symbol, range }: BackfillWindow): Promise<WindowOutcome> {
  const { taskQueue } = workflowInfo();
  const reasons: string[] = [];
  let counts = NO_COUNTS;
  for (const source of plan.symbols.find((candidate) => candidate.symbol === symbol)?.sources ?? []) {
    try {
      await ingestRange(
        {
          symbol,
          interval: plan.interval,
          asOf: plan.asOf,
          source,
          range,
          known: false,
          taskQueue,
          maxPages: Number.POSITIVE_INFINITY,
          priority: BACKFILL_PRIORITY,
        },
        (page) => {
          counts = addCounts(counts, page.counts);
        },
      );
      return { added: counts.added, revised: counts.revised, error: null };
    } catch (error) {
      if (isCancellation(error)) throw error;
      reasons.push(rootFailure(error).message);
    }
  }
  const from = new Date(range.from).toISOString().slice(0, 10);
  const error = `${symbol} from ${from}: ${reasons.join("; ")}`.slice(0, MAX_REASON);
  return { added: counts.added, revised: counts.revised, error };
}

function countWindow(progress: BackfillProgress, { symbol }: BackfillWindow, { added, revised, error }: WindowOutcome): BackfillProgress {
  const entry = progress.bySymbol[symbol];
  return {
    ...progress,
    done: progress.done + 1,
    added: progress.added + added,
    revised: progress.revised + revised,
    failed: error === null ? progress.failed : [...progress.failed, { symbol, error }].slice(0, MAX_FAILED),
    failedWindows: progress.failedWindows + (error === null ? 0 : 1),
    bySymbol: { ...progress.bySymbol, [symbol]: { ...entry, done: entry.done + 1 } },
  };
}
