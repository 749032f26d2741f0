import { type Interval, intervalMs, lastClosedOpenTime } from "../vocabulary/interval.ts";
import type { TimeRange } from "../vocabulary/time-range.ts";
import { type Gap, hasEnded } from "./gaps.ts";
import { joinStretches, stretchesOf, withoutStretches } from "./stretches.ts";

/** Stretches of held candles that are kept apart. */
const MOST_KEPT = 60;
/** Gaps that are asked for again; damage in transit is rare, and a source's own gaps may be many. */
const MOST_ASKED = 20;
/** Waits before each further question for what a fetch lacks. An answer that stays the same is the source's own. */
const ASK_AGAIN_MS: readonly number[] = [0, 1_000, 1_000, 1_000];
/** A gap in the middle, and a few newest candles, are asked for so often; those only once where the answer stays the same. */
const QUESTIONS = 2;
/** A candle that closed longer ago than this is not awaited: a source that is late serves it by the next run. */
const AWAITED_MS = 15 * 60_000;

/** How far a fetch of several pages has come. Small, because it travels in heartbeats and histories. */
export interface FetchState {
  /** Ranges that are still to be asked for, in this order. */
  readonly todo: readonly TimeRange[];
  /** What the answers claim to cover, as ordered stretches. */
  readonly covered: readonly TimeRange[];
  /** The good candles, as ordered stretches. */
  readonly held: readonly TimeRange[];
  /** Candles that were new to the store. */
  readonly added: number;
  /** The slowest clock of all answers, ms UTC; null before the first. */
  readonly asOf: number | null;
  /** How often what is missing was asked for again. */
  readonly questions: number;
  /** When that began, ms UTC; null before. */
  readonly askedAt: number | null;
  /** Where the newest candles were missing when they were asked for last; null if they never were. */
  readonly askedTail: number | null;
}

/** A page as far as it changes the state of a fetch. */
export interface PageNote {
  readonly asked: TimeRange;
  readonly covered: TimeRange;
  /** Of its good candles, ordered. */
  readonly openTimes: ArrayLike<number>;
  /** Those that were new to the store. */
  readonly added: number;
  /** ms UTC */
  readonly asOf: number;
  /** What is to be asked for because of it. */
  readonly next: readonly TimeRange[];
}

/** What is to be fetched, before anything was. */
export function beginFetch(todo: readonly TimeRange[]): FetchState {
  return { todo, covered: [], held: [], added: 0, asOf: null, questions: 0, askedAt: null, askedTail: null };
}

/** The state after a page. Of very many gaps the first are kept, and what is between the others counts as held. */
export function notePage(state: FetchState, { asked, covered, openTimes, added, asOf, next }: PageNote, interval: Interval): FetchState {
  const held = joinStretches([...state.held, ...stretchesOf(openTimes, interval)]);
  const apart = held.slice(0, MOST_KEPT);
  const rest = held.slice(MOST_KEPT);
  return {
    ...state,
    todo: [...next, ...state.todo.filter(({ from, to }) => from !== asked.from || to !== asked.to)],
    covered: joinStretches([...state.covered, covered]),
    held: rest.length > 0 ? [...apart, { from: rest[0].from, to: rest[rest.length - 1].to }] : apart,
    added: state.added + added,
    asOf: Math.min(state.asOf ?? asOf, asOf),
  };
}

/** What a fetch whose pages have all been answered lacks. */
export interface Missing {
  /** Stretches with candles behind them. */
  readonly gaps: readonly Gap[];
  /** The newest candles; null where they are there. */
  readonly tail: Gap | null;
}

/**
 * @param range what the fetch was for
 * @param known whether the range begins among candles that exist, so that each of its candles should
 */
export function missingOf(
  { covered, held, asOf }: FetchState,
  { range, known, interval }: { readonly range: TimeRange; readonly known: boolean; readonly interval: Interval },
): Missing {
  const step = intervalMs(interval);
  const end = Math.min(range.to, asOf === null ? range.to : lastClosedOpenTime(interval, asOf) + step);
  const listed = range.from > 0 && known ? range.from : held[0]?.from;
  if (listed === undefined) return { gaps: [], tail: null };
  const start = Math.ceil(listed / step) * step;
  const expected = covered.flatMap(({ from, to }) => {
    const [first, last] = [Math.max(Math.ceil(from / step) * step, start), Math.min(to, end)];
    return first < last ? [{ from: first, to: last }] : [];
  });
  const gaps = withoutStretches(expected, held).map(({ from, to }) => ({ from, to, missing: Math.ceil((to - from) / step) }));
  const newest = gaps.at(-1);
  return newest && newest.to >= end ? { gaps: gaps.slice(0, -1), tail: newest } : { gaps, tail: null };
}

export interface QuestionFacts {
  readonly missing: Missing;
  readonly state: FetchState;
  readonly interval: Interval;
  /** Nothing that was fetched is new, though its range begins among stored candles. */
  readonly isStale: boolean;
  /** The wall clock, ms UTC. */
  readonly now: number;
}

export type NextQuestion =
  | { readonly kind: "ask"; readonly afterMs: number; readonly ranges: readonly TimeRange[] }
  /** The newest candles closed a moment ago: they are waited for. */
  | { readonly kind: "wait"; readonly ranges: readonly TimeRange[] }
  /** What is missing now is the source's own. */
  | { readonly kind: "done" };

/**
 * What is asked for again of what is missing, because it may be damage in transit: each gap with the candle behind it and the newest
 * candles with the one before them, so that an answer has an end or a beginning. Where so many of the newest are missing that the series
 * has ended or the answer was an old one, it is asked for oftener, unless the series had ended before.
 */
export function nextQuestion({ missing: { gaps, tail }, state, interval, isStale, now }: QuestionFacts): NextQuestion {
  const step = intervalMs(interval);
  const again = state.questions < QUESTIONS ? gaps.slice(0, MOST_ASKED).map(({ from, to }) => ({ from, to: to + step })) : [];
  const newest = tail ? [{ from: state.held.some(({ to }) => to === tail.from) ? tail.from - step : tail.from, to: tail.to }] : [];
  const isOver = tail !== null && hasEnded(tail.missing, interval);
  const isAwaited = tail !== null && !isOver && now - tail.to < AWAITED_MS;
  const isSame = tail !== null && state.askedTail === tail.from;
  const most = isOver ? (isStale ? 1 : ASK_AGAIN_MS.length) : isSame ? 1 : QUESTIONS;
  if (!isAwaited && state.questions < most) again.push(...newest);
  if (again.length > 0) return { kind: "ask", afterMs: ASK_AGAIN_MS[state.questions], ranges: again };
  return isAwaited ? { kind: "wait", ranges: newest } : { kind: "done" };
}
