import { noteOutcomes, wasAsked } from "../../core/backfill/ledger.ts";
import { cleanCandles } from "../../core/candles/clean-candles.ts";
import { type Gap, hasEnded } from "../../core/candles/gaps.ts";
import { checkCompleteness } from "../../core/candles/page-completeness.ts";
import { CandleNotClosedYetError, IncompletePageError } from "../../core/vocabulary/errors.ts";
import { addCounts, type IngestCounts, NO_COUNTS, withOutdated } from "../../core/vocabulary/ingest-counts.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";
import type { TimeRange } from "../../core/vocabulary/time-range.ts";
import { createPublishedFiles } from "../../sources/published-files.ts";
import { requireSource } from "../../sources/source-order.ts";
import { readLedger, updateLedger } from "../../storage/backfill-files/ledger-file.ts";
import { NOTHING_UPSERTED, upsertCandles } from "../../storage/candle-files/candle-store.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import type { Run, StepHeartbeat } from "../heartbeat.ts";

/** From this attempt on, a newest candle that is still missing is left to the next run. */
export const LAST_ATTEMPT_TO_WAIT = 5;

/** A gap that answered the same way again and again is not asked for again for 30 days. */
export const GAP_REST_MS = 30 * 86_400_000;

/** Stretches that a page's result names. */
const MOST_GAPS = 20;

export interface FetchPageInput {
  readonly symbol: string;
  readonly interval: Interval;
  readonly asOf: string;
  readonly source: string;
  readonly range: TimeRange;
  /** The range begins among stored candles, so that each of its candles should exist. */
  readonly known: boolean;
  /** Folder or address of published files that are read instead of asking the source. */
  readonly files?: string;
}

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
  const page = await source.fetchPage({ symbol, interval, range }, { signal: run.signal });
  // The slowest of three clocks decides, so that an open candle is never taken for a closed one.
  const asOf = Math.min(Date.parse(input.asOf), now(), page.servedAt ?? Number.POSITIVE_INFINITY);
  if (page.rows.length === 0 && range.from === 0 && run.attempt < LAST_ATTEMPT_TO_WAIT) {
    throw new IncompletePageError(`${input.source} answered with no candle for ${symbol}'s whole history`);
  }
  const { series, rejected, ...cleaned } = cleanCandles(page.rows, {
    symbol,
    interval,
    asOf,
    source: page.publisher ?? input.source,
    fetchedAt: now(),
    range: page.covered,
  });
  const { added, revised, outdated, compared } = series.length > 0 ? await upsertCandles(store, series) : NOTHING_UPSERTED;
  const dropped = withOutdated(cleaned.dropped, outdated);
  metrics?.candles(input.source, { added, revised, dropped, rejected });
  const found = checkCompleteness({
    covered: page.covered,
    openTimes: series.openTime,
    listedFrom: range.from > 0 && input.known ? range.from : series.length > 0 ? series.openTime[0] : null,
    interval,
    asOf,
  });
  const gaps = found.complete ? [] : await unexplained(store, input, found.gaps, now() - GAP_REST_MS);
  const counts = addCounts(former, { requests: 0, received: page.rows.length, added, revised, dropped, rejected });
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
    // An answer that lost rows may look like a last page: what is behind them is asked for.
    next: page.next ?? (!found.complete && found.kind === "gap" ? found.behind : null),
    missing: gaps.reduce((sum, gap) => sum + gap.missing, 0),
    gaps: spansOf(gaps),
    compared,
  };
}

/** The gaps that are not known to be the source's own. */
async function unexplained(
  store: ObjectStore,
  { symbol, interval }: FetchPageInput,
  gaps: readonly Gap[],
  since: number,
): Promise<readonly Gap[]> {
  if (gaps.length === 0) return gaps;
  const ledger = await readLedger(store, symbol, interval);
  return gaps.filter((gap) => !wasAsked(ledger, gap, since));
}

type FetchHeartbeat = StepHeartbeat & { readonly counts: IngestCounts };

function spansOf(gaps: readonly TimeRange[]): TimeRange[] {
  const spans = gaps.slice(0, MOST_GAPS).map(({ from, to }) => ({ from, to }));
  const last = gaps.at(-1);
  return last && spans.length > 0 ? [...spans.slice(0, -1), { from: spans[spans.length - 1].from, to: last.to }] : spans;
}
