import type { CandleSeries } from "../../core/candles/candle-series.ts";
import { cleanCandles } from "../../core/candles/clean-candles.ts";
import { checkCompleteness } from "../../core/candles/page-completeness.ts";
import { IncompletePageError } from "../../core/vocabulary/errors.ts";
import { addCounts, type IngestCounts, NO_COUNTS, withOutdated } from "../../core/vocabulary/ingest-counts.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";
import type { TimeRange } from "../../core/vocabulary/time-range.ts";
import type { CandleSource } from "../../sources/candle-source.ts";
import type { Upserted } from "../../storage/candle-files/candle-store.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import type { Run } from "../heartbeat.ts";

/** From this attempt on, a newest candle that is still missing is left to the next run. */
export const LAST_ATTEMPT_TO_WAIT = 5;

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

export interface PageQuestion {
  readonly input: FetchPageInput;
  readonly source: Pick<CandleSource, "fetchPage">;
  readonly run: Pick<Run, "signal" | "attempt">;
  /** the part of the input's range that is asked for */
  readonly asked: TimeRange;
  /** Stores the good candles. */
  readonly write: (series: CandleSeries) => Promise<Upserted>;
}

export interface AskedPage {
  readonly series: CandleSeries;
  /** what the answer claims to cover */
  readonly covered: TimeRange;
  /** only candles that had closed by then were taken, ms UTC */
  readonly asOf: number;
  readonly found: ReturnType<typeof checkCompleteness>;
  /** of this page, without its request */
  readonly counts: IngestCounts;
  readonly added: number;
  /** candles that were compared with stored ones */
  readonly compared: number;
  /** what to ask for next; null when nothing is left */
  readonly next: TimeRange | null;
}

/**
 * Asks a source once, cleans its answer and stores the good candles.
 *
 * @throws {SeriesMismatchError} if they are of another coin, currency or unit than the stored ones
 * @throws {IncompletePageError} during the first attempts, if a whole history has no candle at all
 */
export async function askPage(
  { now, metrics }: Pick<ActivityDependencies, "now" | "metrics">,
  { input, source, run, asked, write }: PageQuestion,
): Promise<AskedPage> {
  const { symbol, interval, range } = input;
  const page = await source.fetchPage({ symbol, interval, range: asked }, { signal: run.signal });
  // The slowest of three clocks decides, so that an open candle is never taken for a closed one.
  const asOf = Math.min(Date.parse(input.asOf), now(), page.servedAt ?? Number.POSITIVE_INFINITY);
  if (page.rows.length === 0 && asked.from === 0 && run.attempt < LAST_ATTEMPT_TO_WAIT)
    throw new IncompletePageError(`${input.source} answered with no candle for ${symbol}'s whole history`);
  const { covered } = page;
  const cleaned = cleanCandles(page.rows, {
    symbol,
    interval,
    asOf,
    source: page.publisher ?? input.source,
    fetchedAt: now(),
    range: covered,
  });
  const { series, rejected } = cleaned;
  const { added, revised, outdated, compared } = await write(series);
  const dropped = withOutdated(cleaned.dropped, outdated);
  metrics?.candles(input.source, { added, revised, dropped, rejected });
  const found = checkCompleteness({
    covered,
    openTimes: series.openTime,
    listedFrom: range.from > 0 && input.known ? asked.from : series.length > 0 ? series.openTime[0] : null,
    interval,
    asOf,
  });
  return {
    series,
    covered,
    asOf,
    found,
    added,
    compared,
    counts: addCounts(NO_COUNTS, { requests: 0, received: page.rows.length, added, revised, dropped, rejected }),
    // An answer that lost rows may look like a last page: what is behind them is asked for.
    next: page.next ?? (!found.complete && found.kind === "gap" ? found.behind : null),
  };
}
