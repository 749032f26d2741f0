import { currentScorings } from "../../core/scoring/current-scorings.ts";
import { compareForecasts, forecastId, type KeptForecast } from "../../core/scoring/kept-forecast.ts";
import type { Outcome } from "../../core/scoring/outcome.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { periodOf } from "../layout.ts";
import type { ObjectReader } from "../object-store/object-store.ts";
import { chain } from "../registry/chain.ts";
import { readPointer } from "../registry/reader.ts";
import { readForecasts } from "./forecast-store.ts";
import { type OutcomePlace, outcomePlaces, readOutcomes } from "./outcome-store.ts";
import { readScoringState } from "./scoring-state.ts";

/** Manifests whose forecasts are read for what is open, if scoring has not looked at them. */
const MOST_NEW = 50;

export interface HistoryQuery {
  readonly symbol: string;
  readonly interval: Interval;
  /** Only target candles that opened before this, ms UTC; the default is all. */
  readonly before?: number;
  /** Most target candles of a page, at least 1. */
  readonly limit: number;
  /** Whether scorings that a later one replaced are among the rows; by default they are not. */
  readonly everyScoring?: boolean;
}

export interface ForecastHistory {
  /** Newest target candle first; of one candle, as they were published. A candle's rows are all on one page. */
  readonly outcomes: readonly Outcome[];
  /** `before` of the next page; null where nothing is left. */
  readonly next: number | null;
}

/**
 * A page of a coin's forecasts whose target candles should have closed, with their scores. Files are read from the newest on, until
 * the page is full.
 *
 * @throws {CorruptObjectError | SchemaMismatchError} if a file is damaged
 */
export async function readForecastHistory(reader: ObjectReader, query: HistoryQuery): Promise<ForecastHistory> {
  const { symbol, interval, before = Number.POSITIVE_INFINITY, limit, everyScoring = false } = query;
  const last = Number.isFinite(before) ? periodOf(interval, before) : null;
  const places: OutcomePlace[] = [];
  for await (const place of outcomePlaces(reader, { interval, symbol })) if (last === null || place.period <= last) places.push(place);
  const byTarget = new Map<number, Outcome[]>();
  for (const place of places.reverse()) {
    const stored = await readOutcomes(reader, place);
    const rows = (everyScoring ? stored : currentScorings(stored)).filter(({ targetOpenTime }) => targetOpenTime < before);
    const targets = [...Map.groupBy(rows, ({ targetOpenTime }) => targetOpenTime)].sort(([a], [b]) => b - a);
    for (const [target, own] of targets) byTarget.set(target, own);
    if (byTarget.size > limit) break;
  }
  const page = [...byTarget].slice(0, limit);
  return { outcomes: page.flatMap(([, rows]) => rows), next: byTarget.size > limit ? page[page.length - 1][0] : null };
}

/**
 * A coin's forecasts that are not among the outcomes yet, because their target candles have not closed or nobody has scored since,
 * the earliest target first.
 *
 * @param unfinished of all coins, for who asks for many of them
 * @throws {CorruptObjectError | SchemaMismatchError} if a file is damaged
 */
export async function readOpenForecasts(
  reader: ObjectReader,
  { symbol, interval }: Pick<HistoryQuery, "symbol" | "interval">,
  unfinished: Promise<readonly KeptForecast[]> = readUnfinishedForecasts(reader),
): Promise<KeptForecast[]> {
  const open = (await unfinished).filter((row) => row.symbol === symbol && row.interval === interval);
  const known = new Set<string>();
  const periods = new Set(open.map(({ targetOpenTime }) => periodOf(interval, targetOpenTime)));
  for (const period of periods) for (const row of await readOutcomes(reader, { interval, symbol, period })) known.add(forecastId(row));
  return open.filter((row) => !known.has(forecastId(row))).sort(compareForecasts);
}

/**
 * Forecasts of all coins in files that scoring has not finished; some of them may be among the outcomes.
 *
 * @throws {CorruptObjectError | SchemaMismatchError} if a file is damaged
 */
export async function readUnfinishedForecasts(reader: ObjectReader): Promise<KeptForecast[]> {
  const rows: KeptForecast[] = [];
  for (const ref of await openFiles(reader)) for (const row of await readForecasts(reader, ref)) rows.push(row);
  return rows;
}

/** Files with forecasts that scoring has not finished, the oldest first. */
async function openFiles(reader: ObjectReader): Promise<ObjectRef[]> {
  const state = await readScoringState(reader);
  const latest = (await readPointer(reader))?.pointer.version ?? null;
  const unseen: ObjectRef[] = [];
  // Usually scoring has seen the newest manifest, and none is read.
  for await (const { manifest } of chain(reader, latest === state.newest ? null : latest)) {
    if (unseen.length === MOST_NEW) break;
    if (manifest?.forecasts) unseen.push(manifest.forecasts);
    if (manifest?.previous === state.newest) break;
  }
  return [...state.open.map(({ forecasts }) => forecasts), ...unseen.reverse()];
}
