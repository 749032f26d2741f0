import type { KeptForecast } from "../../core/scoring/kept-forecast.ts";
import { afterRound, dueManifests, type OpenManifest } from "../../core/scoring/scoring-state.ts";
import { CorruptObjectError, SchemaMismatchError } from "../../core/vocabulary/errors.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";
import { keyOf, periodOf } from "../../storage/layout.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import { readForecasts } from "../../storage/prediction-files/forecast-store.ts";
import { type OutcomePlace, outcomePlaces, scoreOutcomes } from "../../storage/prediction-files/outcome-store.ts";
import { readScoringState, updateScoringState } from "../../storage/prediction-files/scoring-state.ts";
import { changedCandles, readTargetCandles } from "../../storage/prediction-files/target-candles.ts";
import { chain } from "../../storage/registry/chain.ts";
import { readLatest } from "../../storage/registry/reader.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import type { Run } from "../heartbeat.ts";

/** Manifests whose forecasts are in memory at a time: of 187 coins, some 30,000 rows. */
const BATCH = 20;

/** Files of outcomes that are worked on at a time. */
const AT_ONCE = 8;

/** When what can't be read is tried again. */
const RETRY_MS = 3_600_000;

const MOST_PROBLEMS = 10;

/** Candle files that were written so long before the newest one seen are looked at again: a store's clock need not be one clock. */
const CLOCK_MARGIN_MS = 600_000;

export interface ScoreForecastsInput {
  /** Compare all outcomes with the stored candles, not only those whose candle files changed. */
  readonly all: boolean;
}

/** What one round of scoring did. */
export interface ScoringRoundResult {
  /** Manifests whose kept forecasts were read. */
  readonly manifests: number;
  /** Files of outcomes that were looked at. */
  readonly files: number;
  /** Forecasts that were added to the outcomes because their target candles should have closed. */
  readonly added: number;
  /** Forecasts that got their first score. */
  readonly scored: number;
  /** Forecasts that got another score, because their candle's close was revised. */
  readonly rescored: number;
  /** Forecasts in those files whose candles are not stored. */
  readonly waiting: number;
  /** Manifests whose target candles have not closed yet. */
  readonly open: number;
  /** What can't be read, as sentences, at most 10. It is tried again by a run that begins an hour later. */
  readonly problems: readonly string[];
  /** Whether more manifests are due, so that another round is needed. */
  readonly more: boolean;
}

/**
 * One round of scoring: adds the forecasts of at most 20 manifests whose target candles should have closed to the outcomes of
 * their coins, and scores all that can be scored. The last round also compares outcomes with candle files that were written since
 * the last look, so that late and revised candles are found. A second run changes nothing.
 */
export async function scoreForecasts(
  { store, now, metrics }: ActivityDependencies,
  { all }: ScoreForecastsInput,
  run: Run,
): Promise<ScoringRoundResult> {
  const at = now();
  const state = await readScoringState(store);
  const { newest, found } = await findManifests(store, state.newest, run);
  const { due, more } = dueManifests([...state.open, ...found], at, BATCH);
  const work = await readDue(store, due, at, run);
  const since = all ? 0 : state.candlesSeen - CLOCK_MARGIN_MS;
  const listed = more
    ? null
    : await placesToCompare(
        store,
        [...work.files.values()].map(({ place }) => place),
        since,
      );
  for (const place of listed?.places ?? []) addForecasts(work.files, place, []);

  const counts = { added: 0, scored: 0, rescored: 0, waiting: 0 };
  const failed = new Set<string>();
  const files = [...work.files];
  for (let done = 0; done < files.length; done += AT_ONCE) {
    run.signal.throwIfAborted();
    run.progress({ label: "outcomes", done, total: files.length });
    await Promise.all(
      files.slice(done, done + AT_ONCE).map(async ([key, { place, forecasts }]) => {
        try {
          const candleAt = await readTargetCandles(store, place, at);
          const result = await scoreOutcomes(store, place, { forecasts, candleAt, now: at });
          for (const name of Object.keys(counts) as (keyof typeof counts)[]) counts[name] += result[name];
        } catch (error) {
          work.problems.push(problemOf(error));
          failed.add(key);
        }
      }),
    );
  }
  const dueAgain = new Map(
    [...work.read].map(([version, { dueAt, keys }]) => [version, keys.some((key) => failed.has(key)) ? at + RETRY_MS : dueAt]),
  );
  const round = { newest: { from: state.newest, to: newest }, found, read: dueAgain, candlesSeen: listed?.newest ?? null };
  await updateScoringState(store, (stored) => afterRound(stored, round));
  const open = afterRound(state, round).open.length;
  metrics?.outcomes({ scored: counts.scored, rescored: counts.rescored, open });
  return { manifests: due.length, files: files.length, ...counts, open, problems: work.problems.slice(0, MOST_PROBLEMS), more };
}

/** The forecasts for each file of outcomes, by its key. */
type FilesOfForecasts = Map<string, { readonly place: OutcomePlace; readonly forecasts: KeptForecast[] }>;

interface DueWork {
  readonly files: FilesOfForecasts;
  /** Per manifest, when it is due again (null: never), and the keys of the files that its forecasts belong to. */
  readonly read: ReadonlyMap<string, { readonly dueAt: number | null; readonly keys: readonly string[] }>;
  /** What can't be read, as sentences. */
  readonly problems: string[];
}

/** The forecasts of manifests whose target candles should have closed at a time. */
async function readDue(reader: ObjectReader, due: readonly OpenManifest[], at: number, run: Run): Promise<DueWork> {
  const files: FilesOfForecasts = new Map();
  const read = new Map<string, { dueAt: number | null; keys: readonly string[] }>();
  const problems: string[] = [];
  for (const { version, forecasts } of due) {
    run.signal.throwIfAborted();
    try {
      const rows = await readForecasts(reader, forecasts);
      const dueAt = rows.reduce<number | null>(
        (next, { targetCloseTime: time }) => (time > at && (next === null || time < next) ? time : next),
        null,
      );
      const closed = Map.groupBy(
        rows.filter(({ targetCloseTime }) => targetCloseTime <= at),
        (row) => keyOf("outcomes", placeOf(row)),
      );
      for (const own of closed.values()) addForecasts(files, placeOf(own[0]), own);
      read.set(version, { dueAt, keys: [...closed.keys()] });
    } catch (error) {
      problems.push(problemOf(error));
      read.set(version, { dueAt: at + RETRY_MS, keys: [] });
    }
  }
  return { files, read, problems };
}

function addForecasts(files: FilesOfForecasts, place: OutcomePlace, forecasts: readonly KeptForecast[]): void {
  const key = keyOf("outcomes", place);
  const file = files.get(key) ?? { place, forecasts: [] };
  file.forecasts.push(...forecasts);
  files.set(key, file);
}

/** What is wrong with an object. One that is broken does not keep others from being scored. @throws what a retry may mend */
function problemOf(error: unknown): string {
  if (error instanceof CorruptObjectError || error instanceof SchemaMismatchError) return error.message;
  throw error;
}

/** Manifests with kept forecasts that were published after one of the chain, the oldest first, and the newest of all. */
async function findManifests(
  reader: ObjectReader,
  after: string | null,
  run: Run,
): Promise<{ newest: string | null; found: OpenManifest[] }> {
  const latest = (await readLatest(reader))?.manifest ?? null;
  const found: OpenManifest[] = [];
  for await (const { version, manifest } of chain(reader, latest)) {
    run.signal.throwIfAborted();
    if (version === after) break;
    if (manifest?.forecasts) found.push({ version, forecasts: manifest.forecasts, dueAt: 0 });
    // The one that is known need not be read.
    if (manifest?.previous === after) break;
  }
  return { newest: latest?.version ?? null, found: found.reverse() };
}

/**
 * The places with outcomes whose candle files were written since a time (ms, by the store's clock), and when the newest was.
 *
 * @param added places that will have outcomes
 */
async function placesToCompare(
  reader: ObjectReader,
  added: readonly OutcomePlace[],
  since: number,
): Promise<{ places: OutcomePlace[]; newest: number }> {
  const places = new Map(added.map((place) => [keyOf("outcomes", place), place]));
  for await (const place of outcomePlaces(reader)) places.set(keyOf("outcomes", place), place);
  const intervals = new Set<Interval>([...places.values()].map(({ interval }) => interval));
  const compared: OutcomePlace[] = [];
  let newest = 0;
  for (const interval of intervals) {
    const found = await changedCandles(reader, interval, since);
    newest = Math.max(newest, found.newest);
    compared.push(...found.changed.filter((place) => places.has(keyOf("outcomes", place))));
  }
  return { places: compared, newest };
}

function placeOf({ interval, symbol, targetOpenTime }: KeptForecast): OutcomePlace {
  return { interval, symbol, period: periodOf(interval, targetOpenTime) };
}
