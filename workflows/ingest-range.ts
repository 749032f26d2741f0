import { sleep } from "@temporalio/workflow";
import type { PageOutcome } from "../activities/ingest/fetch-page.ts";
import type { IngestCounts } from "../core/vocabulary/ingest-counts.ts";
import { addCounts, NO_COUNTS } from "../core/vocabulary/ingest-counts.ts";
import type { Interval } from "../core/vocabulary/interval.ts";
import type { TimeRange } from "../core/vocabulary/time-range.ts";
import { sourceSteps } from "./steps.ts";

/** A gap counts as real once this many further answers have it too. */
const CONFIRMATIONS = 4;

export interface IngestRange {
  readonly symbol: string;
  readonly interval: Interval;
  readonly asOf: string;
  readonly source: string;
  readonly range: TimeRange;
  /** The range begins among stored candles, so that each of its candles should exist. */
  readonly known: boolean;
  readonly taskQueue: string;
  /** Stop after this many pages and hand back the rest. */
  readonly maxPages: number;
  /** Priority of the requests in the source's queue; a lower number goes first. Default: that of a live run. */
  readonly priority?: number;
}

/**
 * Fetches a range page by page, one activity each, until nothing is left of it or `maxPages` are done.
 * A page with a gap in its middle is asked for again, because most gaps are damage in transit; its good rows are stored
 * at once.
 *
 * @returns the counts, and the rest of the range (null: nothing is left)
 */
export async function ingestRange(
  { symbol, interval, asOf, source, range, known, taskQueue, maxPages, priority }: IngestRange,
  onPage: (page: PageOutcome) => void | Promise<void> = () => {},
): Promise<{ counts: IngestCounts; rest: TimeRange | null }> {
  const steps = sourceSteps(taskQueue, source, priority);
  let counts = NO_COUNTS;
  let rest: TimeRange | null = range;
  for (let pages = 0; rest && pages < maxPages; pages++) {
    for (let answer = 0; ; answer++) {
      const page: PageOutcome = await steps.fetchPage.executeWithOptions(
        { summary: `${symbol} ${interval} from ${source}: ${rangeText(rest)}` },
        [{ symbol, interval, asOf, source, range: rest, known }],
      );
      counts = addCounts(counts, page.counts);
      await onPage(page);
      if (page.missing > 0 && answer < CONFIRMATIONS) {
        await sleep(500 * (answer + 1));
        continue;
      }
      rest = page.next;
      break;
    }
  }
  return { counts, rest };
}

function rangeText({ from, to }: TimeRange): string {
  return `${from === 0 ? "listing" : new Date(from).toISOString().slice(0, 16)} to ${new Date(to).toISOString().slice(0, 16)}`;
}
