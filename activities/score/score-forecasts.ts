import { afterRound, dueManifests } from "../../core/scoring/scoring-state.ts";
import { keyOf } from "../../storage/layout.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { scoreOutcomes } from "../../storage/prediction-files/outcome-store.ts";
import { readScoringState, updateScoringState } from "../../storage/prediction-files/scoring-state.ts";
import { readTargetCandles } from "../../storage/prediction-files/target-candles.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import type { Run } from "../heartbeat.ts";
import { brokenObject } from "./broken-object.ts";
import { findChanged } from "./find-changed.ts";
import { findManifests } from "./find-manifests.ts";
import { type DueFile, readDue } from "./read-due.ts";

/** Manifests whose forecasts are in memory at a time: of 187 coins, some 30,000 rows. */
const BATCH = 20;

/** Files of outcomes that are worked on at a time. */
const AT_ONCE = 8;

/** When what can't be read is tried again. */
const RETRY_MS = 3_600_000;

const MOST_PROBLEMS = 10;

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
  const { signal } = run;
  const state = await readScoringState(store);
  const { newest, found, problems } = await findManifests(store, state.newest, { signal });
  const { due, more } = dueManifests([...state.open, ...found], at, BATCH);
  const { files, read, broken } = await readDue(store, due, { at, signal });
  const added = [...files.values()].map(({ place }) => place);
  // Listed before candles are read, so that what is written meanwhile is found by the next round.
  const changed = more ? null : await findChanged(store, { seen: all ? 0 : state.candlesSeen, added });
  const untouched = (changed?.places ?? []).map((place) => [keyOf("outcomes", place), { place, forecasts: [] }] as const);

  const { failed, ...counts } = await scoreFiles(store, new Map([...untouched, ...files]), { at, run });
  const dueAgain = new Map<string, number | null>([...broken.keys()].map((version) => [version, at + RETRY_MS]));
  for (const [version, { dueAt, keys }] of read) dueAgain.set(version, keys.some((key) => failed.has(key)) ? at + RETRY_MS : dueAt);
  const candlesSeen = failed.size > 0 ? null : (changed?.newest ?? null);
  const round = { newest: { from: state.newest, to: newest }, found, read: dueAgain, candlesSeen };
  await updateScoringState(store, (stored) => afterRound(stored, round));
  const open = afterRound(state, round).open.length;
  metrics?.outcomes({ scored: counts.scored, rescored: counts.rescored, open });
  const told = [...problems, ...broken.values(), ...failed.values()].slice(0, MOST_PROBLEMS);
  return { manifests: due.length, ...counts, open, problems: told, more };
}

/** Scores files of outcomes, a few at a time. What can't be read is told by its key, and does not stop the others. */
async function scoreFiles(store: ObjectStore, files: ReadonlyMap<string, DueFile>, { at, run }: { at: number; run: Run }) {
  const counts = { files: files.size, added: 0, scored: 0, rescored: 0, waiting: 0 };
  const failed = new Map<string, string>();
  const scoreFile = async ([key, { place, forecasts }]: readonly [string, DueFile]): Promise<void> => {
    try {
      const candleAt = await readTargetCandles(store, place, at);
      const { added, scored, rescored, waiting } = await scoreOutcomes(store, place, { forecasts, candleAt, now: at });
      counts.added += added;
      counts.scored += scored;
      counts.rescored += rescored;
      counts.waiting += waiting;
    } catch (error) {
      failed.set(key, brokenObject(error));
    }
  };
  const entries = [...files];
  for (let done = 0; done < entries.length; done += AT_ONCE) {
    run.signal.throwIfAborted();
    run.progress({ label: "outcomes", done, total: entries.length });
    await Promise.all(entries.slice(done, done + AT_ONCE).map(scoreFile));
  }
  return { ...counts, failed };
}
