import { noteOutcomes } from "../../core/backfill/ledger.ts";
import type { CandleSeries } from "../../core/candles/candle-series.ts";
import { hasEnded } from "../../core/candles/gaps.ts";
import { CandleNotClosedYetError } from "../../core/vocabulary/errors.ts";
import { addCounts, type IngestCounts, NO_COUNTS } from "../../core/vocabulary/ingest-counts.ts";
import type { TimeRange } from "../../core/vocabulary/time-range.ts";
import { createPublishedFiles } from "../../sources/published-files.ts";
import { requireSource } from "../../sources/source-order.ts";
import { updateLedger } from "../../storage/backfill-files/ledger-file.ts";
import { NOTHING_UPSERTED, upsertCandles } from "../../storage/candle-files/candle-store.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import type { Run, StepHeartbeat } from "../heartbeat.ts";
import { askPage, type FetchPageInput, LAST_ATTEMPT_TO_WAIT } from "./ask-page.ts";
import { unexplainedGaps } from "./unexplained-gaps.ts";

/** A gap that answered the same way again and again is not asked for again for 30 days. */
export const GAP_REST_MS = 30 * 86_400_000;

/** Stretches that a page's result names. */
const MOST_GAPS = 20;

/** One page that was asked for, cleaned and stored. */
export interface PageOutcome {
  readonly counts: IngestCounts;
  /** What to ask for next; null when nothing of the range is left. */
  readonly next: TimeRange | null;
  /** Candles missing in the middle of what the page claims to cover, apart from gaps that are known to be the source's own. */
  readonly missing: number;
  /** Where they are missing: at most {@link MOST_GAPS} stretches, the last of which reaches to the end of them all. */
  readonly gaps: readonly TimeRange[];
  /** Candles that were compared with stored ones of the same times, and are of the same coin. */
  readonly compared: number;
}

/**
 * Asks a source once, cleans its answer and stores the good candles. A second run finds them stored.
 *
 * @throws {SeriesMismatchError} if they are of another coin, currency or unit than the stored ones
 * @throws {IncompletePageError} during the first attempts, if a whole history has no candle at all
 * @throws {CandleNotClosedYetError} during the first attempts, if only the newest candles are missing
 */
export async function fetchPage(
  { sources, store, now, metrics }: ActivityDependencies,
  input: FetchPageInput,
  run: Run,
): Promise<PageOutcome> {
  const { symbol, interval, range } = input;
  const former = (run.lastProgress as FetchHeartbeat | null)?.counts ?? NO_COUNTS;
  const source = input.files === undefined ? requireSource(sources, input.source) : createPublishedFiles(input.files);
  const write = async (series: CandleSeries) => (series.length > 0 ? upsertCandles(store, series) : NOTHING_UPSERTED);
  const { found, compared, next, ...asked } = await askPage({ now, metrics }, { input, source, run, asked: range, write });
  const gaps = found.complete ? [] : await unexplainedGaps(store, input, found.gaps, now() - GAP_REST_MS);
  const counts = addCounts(former, asked.counts);
  const isTail = !found.complete && found.kind === "tail";
  // Stored candles that end long ago, and two answers with nothing after them: nobody waits for the next one.
  const isOver = isTail && input.known && counts.added === 0 && run.attempt > 1 && hasEnded(found.missing, interval);
  const isAwaited = isTail && !isOver;
  if (isOver && found.behind) {
    const outcome = { range: found.behind, at: now(), error: null };
    await updateLedger(store, symbol, interval, (ledger) => noteOutcomes(ledger, [outcome]));
  }
  if (isAwaited && run.attempt < LAST_ATTEMPT_TO_WAIT) {
    // The next attempt finds these candles stored, and counts them as well.
    run.progress({ label: symbol, done: 0, total: 1, counts } satisfies FetchHeartbeat as StepHeartbeat);
    throw new CandleNotClosedYetError(
      `${input.source} does not serve ${symbol}'s candle of ${new Date(found.firstMissing).toISOString()} yet, though it has closed`,
    );
  }
  return {
    counts: { ...counts, requests: run.attempt },
    next,
    missing: gaps.reduce((sum, gap) => sum + gap.missing, 0),
    gaps: spansOf(gaps),
    compared,
  };
}

type FetchHeartbeat = StepHeartbeat & { readonly counts: IngestCounts };

function spansOf(gaps: readonly TimeRange[]): TimeRange[] {
  const spans = gaps.slice(0, MOST_GAPS).map(({ from, to }) => ({ from, to }));
  const last = gaps.at(-1);
  return last && spans.length > 0 ? [...spans.slice(0, -1), { from: spans[spans.length - 1].from, to: last.to }] : spans;
}
