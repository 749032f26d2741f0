import {
  CancellationScope,
  defineQuery,
  defineSignal,
  defineUpdate,
  isCancellation,
  makeContinueAsNewFunc,
  patched,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from "@temporalio/workflow";
import type { BackfillPlan } from "../activities/backfill/plan-backfill.ts";
import type { WindowRecord } from "../activities/backfill/record-windows.ts";
import type { BackfillWindow } from "../core/backfill/plan-backfill.ts";
import { addCounts, NO_COUNTS } from "../core/vocabulary/ingest-counts.ts";
import { backfillPage, backfillSummary } from "./backfill-page.ts";
import {
  BACKFILL_PRIORITY,
  type BackfillInput,
  type BackfillProgress,
  type BackfillResult,
  PAUSE_SIGNAL,
  PROGRESS_QUERY,
  RESUME_SIGNAL,
  SET_PARALLELISM_UPDATE,
} from "./contract.ts";
import { rootFailure } from "./failures.ts";
import { ingestRange } from "./ingest-range.ts";
import { checkBackfillInput, checkParallelism } from "./inputs/backfill-input.ts";
import { inLanes } from "./lanes.ts";
import { describeRun, describeStage } from "./search-attributes.ts";
import { settleUniverse } from "./settle-universe.ts";
import { storeSteps } from "./steps.ts";

export const backfillProgressQuery = defineQuery<BackfillProgress>(PROGRESS_QUERY);
export const pauseSignal = defineSignal(PAUSE_SIGNAL);
export const resumeSignal = defineSignal(RESUME_SIGNAL);
export const setParallelismUpdate = defineUpdate<BackfillProgress, [number]>(SET_PARALLELISM_UPDATE);

interface BackfillState extends BackfillInput {
  /** Carried over a continue-as-new. */
  readonly carried?: {
    readonly plan: BackfillPlan;
    readonly nextWindow: number;
    readonly progress: BackfillProgress;
  };
}

/** Windows of one run before it continues as new: some 1,500 events. */
const WINDOWS_PER_RUN = 100;
const MAX_FAILED = 50;
const MAX_REASON = 200;
/** The run's page is updated after this many windows. */
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
 * Fetches the candles of a stretch of history that are missing, stale or failed before, window by window, into the store.
 * It trains nothing: the next pipeline run sees the new candles and does. Its requests wait behind those of live runs.
 *
 * `pause` lets running windows finish and starts no more until `resume`; `setParallelism` changes how many run at the same
 * time. A window that fails is recorded, so that another backfill fetches it, and the others go on. A cancelled run
 * ends with a result that holds its progress.
 *
 * History: bounded by {@link WINDOWS_PER_RUN} windows, then it continues as new.
 */
export async function backfill(given?: BackfillState): Promise<BackfillResult> {
  const { carried, ...asked }: Partial<BackfillState> = given ?? {};
  const input = checkBackfillInput(asked);
  let progress = carried?.progress ?? NOTHING_YET;
  let plan = carried?.plan ?? null;
  const showPage = (cancelled = false) => {
    if (plan) setCurrentDetails(backfillPage(plan, progress, cancelled));
  };
  const pause = (paused: boolean) => {
    progress = { ...progress, paused };
    describeStage(paused ? "paused" : "backfill");
    showPage();
  };
  // A signal that arrived before the first task is handled right here.
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
  const recordOutcomes = async () => {
    if (!plan || records.length === 0) return;
    await storeSteps().recordWindows.executeWithOptions({ summary: `outcome of ${records.length} windows` }, [
      { interval: plan.interval, askedAt: plan.asOf, records },
    ]);
  };
  let next = carried?.nextWindow ?? 0;
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
        const outcome = await fetchWindow(running, window, input.files);
        records.push({ symbol: window.symbol, range: window.range, error: outcome.error });
        progress = countWindow(progress, window, outcome);
        if (progress.done % WINDOWS_PER_PAGE === 0) showPage();
      },
    });
    next += taken;
    await recordOutcomes();
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await CancellationScope.nonCancellable(recordOutcomes);
    describeStage("cancelled");
    showPage(true);
    return { ...progress, cancelled: true, summary: backfillSummary(plan, progress, true) };
  }

  if (next < progress.windows) {
    await continueOnNewest({ ...input, carried: { plan, nextWindow: next, progress } });
  }
  describeStage(progress.failedWindows > 0 ? "failed" : "done");
  showPage();
  return { ...progress, cancelled: false, summary: backfillSummary(plan, progress, false) };
}
/** Whether the history is long, or there are newer workers. */
function endSoon(): boolean {
  const { continueAsNewSuggested, targetWorkerDeploymentVersionChanged } = workflowInfo();
  return continueAsNewSuggested || targetWorkerDeploymentVersionChanged;
}

/** A backfill can last for days, so its next run goes to the newest version of the workers; each run ends on the version it began with. */
function continueOnNewest(state: BackfillState): Promise<never> {
  const versioned = workflowInfo().currentDeploymentVersion !== undefined;
  return makeContinueAsNewFunc<typeof backfill>(versioned ? { initialVersioningBehavior: "AUTO_UPGRADE" } : {})(state);
}

async function planWork({ symbols, source, ...input }: BackfillInput): Promise<BackfillPlan> {
  const { taskQueue, startTime } = workflowInfo();
  const settled = await settleUniverse({ symbols, source }, taskQueue);
  const plan = await storeSteps().planBackfill.executeWithOptions({ summary: "find candles that are missing, stale or failed" }, [
    { ...input, ...(source ? { source } : {}), symbols: settled.symbols, asOf: startTime.toISOString() },
  ]);
  describeRun(
    plan.symbols.map(({ symbol }) => symbol),
    "backfill",
  );
  return plan;
}

/** Signals and updates that came during planning still hold. */
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

/** Before this patch, a window went on to the next source after any failure. */
const KEEPS_SOURCE = "backfill-keeps-source";
/** Failures that are no passing ones: another source may be asked. */
const LASTING: readonly string[] = ["UnknownSymbol", "RestrictedLocation"];
/** Whose queue and name published files have. */
const FILES_PUBLISHER = "binance";
/** A window waits so often for a source that is down. */
const DOWN_TRIES = 4;
const DOWN_WAIT = "15 seconds";

/**
 * Fetches one window from the published file of its month, or else from the first of the symbol's sources that has it. A source that is down is waited for; after another passing
 * failure the window is left to the next backfill, so that the windows of a symbol don't come from different sources.
 */
async function fetchWindow(plan: BackfillPlan, { symbol, range, month }: BackfillWindow, files?: string): Promise<WindowOutcome> {
  const { taskQueue } = workflowInfo();
  const reasons: string[] = [];
  let counts = NO_COUNTS;
  const fetchFrom = async (source: string, files?: string): Promise<{ readonly type: string; readonly message: string } | null> => {
    for (let tries = 1; ; tries++) {
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
            ...(files === undefined ? {} : { files }),
          },
          (page) => {
            counts = addCounts(counts, page.counts);
          },
        );
        return null;
      } catch (error) {
        if (isCancellation(error)) throw error;
        const failure = rootFailure(error);
        if (failure.type !== "SourceDown" || tries === DOWN_TRIES) return failure;
        await sleep(DOWN_WAIT);
      }
    }
  };
  const describe = (error: string) => `${symbol} from ${new Date(range.from).toISOString().slice(0, 10)}: ${error}`.slice(0, MAX_REASON);
  const ended = (error: string | null): WindowOutcome => ({ added: counts.added, revised: counts.revised, error });
  if (files !== undefined && month) {
    const failure = await fetchFrom(FILES_PUBLISHER, files);
    if (failure === null) return ended(null);
    // A month without a file is fetched like others; a damaged file is told.
    if (failure.type !== "UnknownSymbol") return ended(describe(failure.message));
  }
  for (const source of plan.symbols.find((candidate) => candidate.symbol === symbol)?.sources ?? []) {
    const failure = await fetchFrom(source);
    if (failure === null) return ended(null);
    reasons.push(failure.message);
    if (!LASTING.includes(failure.type) && patched(KEEPS_SOURCE)) break;
  }
  return ended(describe(reasons.join("; ")));
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
