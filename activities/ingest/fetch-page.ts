import { cleanCandles } from "../../core/candles/clean-candles.ts";
import { judgePage } from "../../core/candles/page-completeness.ts";
import { CandleNotClosedYetError, IncompletePageError, InvalidInputError } from "../../core/vocabulary/errors.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";
import type { TimeRange } from "../../core/vocabulary/time-range.ts";
import type { CandleSource } from "../../sources/candle-source.ts";
import { upsertCandles } from "../../storage/candle-files/candle-store.ts";
import type { PageOutcome } from "../../workflows/plan.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import type { Run } from "../heartbeat.ts";

/** From this attempt on, a newest candle that is still missing is left to the next run. */
const LAST_ATTEMPT_TO_WAIT = 5;

export interface FetchPageInput {
  readonly symbol: string;
  readonly interval: Interval;
  readonly asOf: string;
  readonly source: string;
  readonly range: TimeRange;
  /** The range begins among stored candles, so that each of its candles should exist. */
  readonly known: boolean;
}

/**
 * Asks a source once, cleans its answer and stores what is good of it. A second run finds the candles stored.
 *
 * @throws {IncompletePageError} if a whole history has no candle at all, for the first attempts
 * @throws {CandleNotClosedYetError} if only the newest candles are missing, for the first attempts
 */
export async function fetchPage(
  { sources, store, now, metrics }: ActivityDependencies,
  input: FetchPageInput,
  run: Run,
): Promise<PageOutcome> {
  const { symbol, interval, range } = input;
  const page = await requireSource(sources, input.source).fetchPage({ symbol, interval, range }, { signal: run.signal });
  // Of three clocks the one that is furthest behind decides, so that a candle which is still open is never taken for closed.
  const asOf = Math.min(Date.parse(input.asOf), now(), page.servedAt ?? Number.POSITIVE_INFINITY);
  if (page.rows.length === 0 && range.from === 0 && run.attempt < LAST_ATTEMPT_TO_WAIT) {
    throw new IncompletePageError(`${input.source} answered ${symbol}'s whole history with no candle`);
  }
  const { series, dropped, rejected } = cleanCandles(page.rows, {
    symbol,
    interval,
    asOf,
    source: input.source,
    fetchedAt: now(),
    range: page.covered,
  });
  const stored = series.length > 0 ? await upsertCandles(store, series) : { added: 0, revised: 0 };
  metrics?.candles(input.source, { ...stored, dropped, rejected });
  const verdict = judgePage({
    covered: page.covered,
    openTimes: series.openTime,
    listedFrom: range.from > 0 && input.known ? range.from : series.length > 0 ? series.openTime[0] : null,
    interval,
    asOf,
  });
  if (!verdict.complete && verdict.kind === "tail" && run.attempt < LAST_ATTEMPT_TO_WAIT) {
    throw new CandleNotClosedYetError(
      `${input.source} does not serve ${symbol}'s candle of ${new Date(verdict.firstMissing).toISOString()} yet, though it has closed`,
    );
  }
  return {
    counts: { requests: run.attempt, received: page.rows.length, added: stored.added, revised: stored.revised, dropped, rejected },
    next: page.next,
    missing: !verdict.complete && verdict.kind === "gap" ? verdict.missing : 0,
  };
}

export function requireSource(sources: Readonly<Record<string, CandleSource>>, name: string): CandleSource {
  const source = sources[name];
  if (!source) throw new InvalidInputError(`source ${JSON.stringify(name)} is not one of ${Object.keys(sources).join(", ")}`);
  return source;
}
