import { patched, sleep } from "@temporalio/workflow";
import type { FetchOutcome } from "../activities/ingest/fetch-candles.ts";
import type { PageOutcome } from "../activities/ingest/fetch-page.ts";
import type { FetchState } from "../core/candles/fetch-state.ts";
import type { IngestCounts } from "../core/vocabulary/ingest-counts.ts";
import { addCounts, NO_COUNTS } from "../core/vocabulary/ingest-counts.ts";
import { type Interval, intervalMs } from "../core/vocabulary/interval.ts";
import type { TimeRange } from "../core/vocabulary/time-range.ts";
import { sourceSteps, storeSteps } from "./steps.ts";

/** Before this patch, each request was a step of its own, one after the other, and the workflow asked again for what was missing. */
const FETCHES_AHEAD = "fetches-ahead";
export const fetchesAhead = (): boolean => patched(FETCHES_AHEAD);
/** Before this patch, a page with a gap was asked for again, up to four times, before the next one. */
const GAPS_AFTER_PAGES = "gaps-after-pages";
const CONFIRMATIONS = 4;
/** Since this patch, gaps that answered the same way again and again are recorded, and not asked for again soon. */
const GAPS_RECORDED = "gaps-recorded";
/** Waits before each further question for what a range lacks. A gap that is answered the same way then is the source's own. */
const ASK_AGAIN_MS: readonly number[] = [0, 1_000];
/** Stretches that are asked for again; damage in transit is rare, and a source's own gaps may be many. */
const MOST_ASKED = 20;

export interface IngestRange {
  readonly symbol: string;
  readonly interval: Interval;
  readonly asOf: string;
  readonly source: string;
  readonly range: TimeRange;
  /** The range begins among stored candles, so that each of its candles should exist. */
  readonly known: boolean;
  readonly taskQueue: string;
  /** Stop after about this many pages and hand back the rest. */
  readonly maxPages: number;
  /** Where an earlier call stopped. */
  readonly carried?: FetchState;
  /** Folder or address of published files that are read instead of asking the source. */
  readonly files?: string;
  /** Priority of the requests in the source's queue; a lower number goes first. Default: that of a live run. */
  readonly priority?: number;
}

/** What a step, or before {@link FETCHES_AHEAD} a page, has brought. */
export interface IngestedPages {
  readonly counts: IngestCounts;
  readonly compared: number;
  readonly pages: number;
}

export interface IngestedRange {
  readonly counts: IngestCounts;
  /** null: nothing is left */
  readonly rest: TimeRange | null;
  /** What the next call needs to know besides. */
  readonly carried?: FetchState;
}

/**
 * Fetches a range, a batch of pages in each step, until nothing is left of it or about `maxPages` are done.
 *
 * @param onPages is told after each step
 */
export async function ingestRange(
  given: IngestRange,
  onPages: (pages: IngestedPages) => void | Promise<void> = () => {},
): Promise<IngestedRange> {
  if (!fetchesAhead()) return ingestPageByPage(given, (page) => onPages({ ...page, compared: page.compared ?? 0, pages: 1 }));
  const { symbol, interval, asOf, source, range, known, taskQueue, maxPages, priority, files } = given;
  const steps = sourceSteps(taskQueue, source, priority);
  const asked = { symbol, interval, asOf, source, range, known, ...(files === undefined ? {} : { files }) };
  let counts = NO_COUNTS;
  let carried = given.carried;
  for (let pages = 0; pages < maxPages; ) {
    const summary = `${symbol} ${interval} from ${files ?? source}: ${rangeText(carried?.todo[0] ?? range)}`;
    const outcome: FetchOutcome = await steps.fetchCandles.executeWithOptions({ summary }, [{ ...asked, ...(carried && { carried }) }]);
    counts = addCounts(counts, outcome.counts);
    pages += outcome.pages;
    await onPages(outcome);
    if (outcome.carried === null) return { counts, rest: null };
    carried = outcome.carried;
  }
  return { counts, rest: range, carried };
}

/**
 * Fetches a range page by page, one activity each. What the pages lack in their middle is asked for again afterwards, by its own narrow
 * ranges, because it may be damage in transit; good rows are stored at once.
 */
async function ingestPageByPage(
  { symbol, interval, asOf, source, range, known, taskQueue, maxPages, priority, files }: IngestRange,
  onPage: (page: PageOutcome) => void | Promise<void>,
): Promise<IngestedRange> {
  const steps = sourceSteps(taskQueue, source, priority);
  let counts = NO_COUNTS;
  let rest: TimeRange | null = range;
  const fetchPage = async (asked: TimeRange, isKnown: boolean): Promise<PageOutcome> => {
    const page = await steps.fetchPage.executeWithOptions(
      { summary: `${symbol} ${interval} from ${files ?? source}: ${rangeText(asked)}` },
      [{ symbol, interval, asOf, source, range: asked, known: isKnown, ...(files === undefined ? {} : { files }) }],
    );
    counts = addCounts(counts, page.counts);
    await onPage(page);
    return page;
  };
  let gaps: readonly TimeRange[] = [];
  for (let pages = 0; rest && pages < maxPages; pages++) {
    for (let answer = 0; ; answer++) {
      const page: PageOutcome = await fetchPage(rest, known);
      const isInLine = page.missing > 0 && !patched(GAPS_AFTER_PAGES);
      if (page.missing > 0 && !isInLine) gaps = [...gaps, ...page.gaps];
      if (isInLine && answer < CONFIRMATIONS) {
        await sleep(500 * (answer + 1));
        continue;
      }
      rest = page.next;
      break;
    }
  }
  const askedAt = new Date().toISOString();
  for (const wait of ASK_AGAIN_MS) {
    if (gaps.length === 0) break;
    if (wait > 0) await sleep(wait);
    const left: TimeRange[] = [];
    // With the candle behind it, so that the answer has an end.
    for (const { from, to } of gaps.slice(0, MOST_ASKED))
      left.push(...(await fetchPage({ from, to: to + intervalMs(interval) }, true)).gaps);
    gaps = left;
  }
  if (gaps.length > 0 && patched(GAPS_RECORDED)) {
    const records = gaps.map((gap) => ({ symbol, range: gap, error: null }));
    await storeSteps().recordWindows.executeWithOptions({ summary: `${symbol}: ${gaps.length} gaps of ${source}'s own` }, [
      { interval, askedAt, records },
    ]);
  }
  return { counts, rest };
}

function rangeText({ from, to }: TimeRange): string {
  return `${from === 0 ? "listing" : new Date(from).toISOString().slice(0, 16)} to ${new Date(to).toISOString().slice(0, 16)}`;
}
