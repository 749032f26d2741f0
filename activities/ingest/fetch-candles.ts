import { setTimeout } from "node:timers/promises";
import { noteOutcomes } from "../../core/backfill/ledger.ts";
import { beginFetch, type FetchState, type Missing, missingOf, nextQuestion, notePage } from "../../core/candles/fetch-state.ts";
import { type Gap, hasEnded } from "../../core/candles/gaps.ts";
import { CandlecastError, CandleNotClosedYetError, NEVER_RETRIED, RateLimitedError } from "../../core/vocabulary/errors.ts";
import { addCounts, type IngestCounts, NO_COUNTS } from "../../core/vocabulary/ingest-counts.ts";
import type { TimeRange } from "../../core/vocabulary/time-range.ts";
import type { CandleSource } from "../../sources/candle-source.ts";
import { createPublishedFiles } from "../../sources/published-files.ts";
import { requireSource } from "../../sources/source-order.ts";
import { updateLedger } from "../../storage/backfill-files/ledger-file.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import type { Run, StepHeartbeat } from "../heartbeat.ts";
import { askPage, type FetchPageInput, LAST_ATTEMPT_TO_WAIT } from "./ask-page.ts";
import { GAP_REST_MS } from "./fetch-page.ts";
import { pageWriter } from "./store-pages.ts";
import { unexplainedGaps } from "./unexplained-gaps.ts";

/** Requests for one coin that are on their way at the same time. */
const AT_ONCE = 8;
/** A step starts no further page after so many, or so long: what is left is the next step's, so that progress shows. */
const MOST_PAGES = 20;
const MOST_MS = 10_000;

export interface FetchCandlesInput extends FetchPageInput {
  /** Where the step before this one stopped. */
  readonly carried?: FetchState;
}

/** Pages that were asked for, cleaned and stored. */
export interface FetchOutcome {
  readonly counts: IngestCounts;
  readonly pages: number;
  /** Candles that were compared with stored ones of the same times, and are of the same coin. */
  readonly compared: number;
  /** Where the next step goes on; null when nothing of the range is left. */
  readonly carried: FetchState | null;
  /** Why this step stopped before its time; the next one tries again. */
  readonly problem: string | null;
}

/** What an attempt leaves to the next one. */
interface Progress {
  readonly state: FetchState;
  readonly counts: IngestCounts;
  readonly compared: number;
  readonly pages: number;
}

/**
 * Asks a source for a range of candles, several pages at a time where their starts are known, cleans the answers and stores the good
 * candles. What the pages lack is asked for again, by its own narrow ranges, because it may be damage in transit; what is missing
 * then is the source's own, and recorded. Each stored page is in the heartbeat, so that an attempt goes on where the one before stopped.
 *
 * A page that fails ends the step: with its error where nothing had been fetched in this attempt, or else with the rest, for the next step.
 *
 * @throws {SeriesMismatchError} if they are of another coin, currency or unit than the stored ones
 * @throws {IncompletePageError} during the first attempts, if a whole history has no candle at all
 * @throws {CandleNotClosedYetError} during the first attempts, if newest candles are missing that closed a moment ago
 */
export async function fetchCandles(deps: ActivityDependencies, input: FetchCandlesInput, run: Run): Promise<FetchOutcome> {
  const { sources, now } = deps;
  const { symbol, interval, range } = input;
  const source: Pick<CandleSource, "fetchPage" | "pagesOf"> =
    input.files === undefined ? requireSource(sources, input.source) : createPublishedFiles(input.files);
  const cut = (stretch: TimeRange) => source.pagesOf?.({ interval, range: stretch }) ?? [stretch];
  const former = (run.lastProgress as FetchHeartbeat | null)?.progress;
  let progress: Progress = former ?? { state: input.carried ?? beginFetch(cut(range)), counts: NO_COUNTS, compared: 0, pages: 0 };
  const beat = () => {
    const { pages, state } = progress;
    return { label: symbol, done: pages, total: pages + state.todo.length, progress } satisfies FetchHeartbeat as StepHeartbeat;
  };
  const note = (next: Progress) => {
    progress = next;
    run.progress(beat(), { later: true });
  };
  const outcome = (carried: FetchState | null, problem: string | null = null): FetchOutcome => {
    const { counts, pages, compared } = progress;
    return { counts, pages, compared, carried, problem };
  };

  const deadline = performance.now() + MOST_MS;
  const askPage = pageAsker(deps, { input, source, run, cut });
  for (;;) {
    const failure = await askAll({
      next: (inFlight) => progress.state.todo.find((stretch) => !inFlight.has(stretch)) ?? null,
      mayStart: () => progress.pages < MOST_PAGES && performance.now() < deadline,
      ask: async (stretch) => {
        const change = await askPage(stretch, () =>
          note({ ...progress, counts: addCounts(progress.counts, { ...NO_COUNTS, requests: 1 }) }),
        );
        note(change(progress));
      },
    });
    run.signal.throwIfAborted();
    if (failure) {
      const isTried = progress.pages > (former?.pages ?? 0) && isPassing(failure.error);
      if (!isTried) {
        run.progress(beat());
        throw failure.error;
      }
      return outcome(progress.state, messageOf(failure.error));
    }
    if (progress.state.todo.length > 0) return outcome(progress.state);

    const lacking = missingOf(progress.state, input);
    const missing = { ...lacking, gaps: await unexplainedGaps(deps.store, input, lacking.gaps, now() - GAP_REST_MS) };
    const isStale = input.known && progress.state.added === 0;
    const question = nextQuestion({ missing, state: progress.state, interval, isStale, now: now() });
    if (question.kind === "ask") {
      if (question.afterMs > 0) await setTimeout(question.afterMs, undefined, { signal: run.signal });
      const { state } = progress;
      const asked = {
        questions: state.questions + 1,
        askedAt: state.askedAt ?? now(),
        askedTail: missing.tail?.from ?? state.askedTail,
      };
      note({ ...progress, state: { ...state, ...asked, todo: question.ranges.flatMap(cut) } });
      continue;
    }
    if (question.kind === "wait" && run.attempt < LAST_ATTEMPT_TO_WAIT && missing.tail) {
      note({ ...progress, state: { ...progress.state, todo: question.ranges } });
      run.progress(beat());
      throw new CandleNotClosedYetError(
        `${input.source} does not serve ${symbol}'s candle of ${new Date(missing.tail.from).toISOString()} yet, though it has closed`,
      );
    }
    await recordOwn(deps, input, { missing, isStale, askedAt: progress.state.askedAt ?? now() });
    return outcome(null);
  }
}

type FetchHeartbeat = StepHeartbeat & { readonly progress: Progress };

/**
 * Asks for one stretch after the other, a few at a time, until there is no next one or one has failed; those on their way are waited for.
 *
 * @returns the first failure
 */
async function askAll({
  next,
  mayStart,
  ask,
}: {
  readonly next: (inFlight: ReadonlySet<TimeRange>) => TimeRange | null;
  readonly mayStart: () => boolean;
  readonly ask: (stretch: TimeRange) => Promise<void>;
}): Promise<{ readonly error: unknown } | null> {
  const inFlight = new Map<TimeRange, Promise<void>>();
  let failure: { readonly error: unknown } | null = null;
  for (;;) {
    while (failure === null && inFlight.size < AT_ONCE && mayStart()) {
      const stretch = next(new Set(inFlight.keys()));
      if (stretch === null) break;
      const asked = ask(stretch)
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => inFlight.delete(stretch));
      inFlight.set(stretch, asked);
    }
    if (inFlight.size === 0) return failure;
    await Promise.race(inFlight.values());
  }
}

/** One request, and what it changes. */
function pageAsker(
  { store, now, metrics }: ActivityDependencies,
  {
    input,
    source,
    run,
    cut,
  }: {
    readonly input: FetchCandlesInput;
    readonly source: Pick<CandleSource, "fetchPage">;
    readonly run: Run;
    readonly cut: (stretch: TimeRange) => TimeRange[];
  },
) {
  const { interval } = input;
  const write = pageWriter(store);
  return async (asked: TimeRange, onRequest: () => void): Promise<(before: Progress) => Progress> => {
    onRequest();
    const { series, covered, asOf, added, compared, next, ...page } = await askPage({ now, metrics }, { input, source, run, asked, write });
    return (before) => ({
      pages: before.pages + 1,
      compared: before.compared + compared,
      counts: addCounts(before.counts, page.counts),
      state: notePage(before.state, { asked, covered, openTimes: series.openTime, added, asOf, next: next ? cut(next) : [] }, interval),
    });
  };
}

/** Records gaps that are the source's own, and the end of a series that was known, so that nobody asks for them again soon. */
async function recordOwn(
  { store }: ActivityDependencies,
  { symbol, interval }: FetchCandlesInput,
  { missing: { gaps, tail }, isStale, askedAt }: { readonly missing: Missing; readonly isStale: boolean; readonly askedAt: number },
): Promise<void> {
  const isOver = tail !== null && isStale && hasEnded(tail.missing, interval);
  const own: readonly Gap[] = isOver ? [...gaps, tail] : gaps;
  if (own.length === 0) return;
  const outcomes = own.map(({ from, to }) => ({ range: { from, to }, at: askedAt, error: null }));
  await updateLedger(store, symbol, interval, (ledger) => noteOutcomes(ledger, outcomes));
}

/** Whether the same request may do better soon. A service that asks for fewer requests names its own delay, which the step's retry keeps. */
function isPassing(error: unknown): boolean {
  return error instanceof CandlecastError && !NEVER_RETRIED.includes(error.name) && !(error instanceof RateLimitedError);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
