import { describe, expect, test } from "vitest";
import { beginFetch, type FetchState, missingOf, nextQuestion, notePage } from "../../core/candles/fetch-state.ts";
import type { TimeRange } from "../../core/vocabulary/time-range.ts";

const DAY = 86_400_000;
const START = Date.parse("2020-01-01");
const day = (n: number) => START + n * DAY;
const range = (from: number, to: number): TimeRange => ({ from: day(from), to: day(to) });
const days = (...list: (readonly [number, number])[]) =>
  list.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => day(from + i)));
const LATER = day(1_000);

/** A fetch of days 0 to 10 in two pages. */
function fetched(first: number[], second: number[], { asOf = LATER }: { asOf?: number } = {}): FetchState {
  const begun = beginFetch([range(0, 5), range(5, 10)]);
  const page = { added: 1, asOf, next: [] };
  // The second page comes first.
  const half = notePage(begun, { ...page, asked: range(5, 10), covered: range(5, 10), openTimes: second }, "1d");
  return notePage(half, { ...page, asked: range(0, 5), covered: range(0, 5), openTimes: first }, "1d");
}
const facts = { range: range(0, 10), known: true, interval: "1d" } as const;
const ask = (state: FetchState, { isStale = false, now = LATER }: { isStale?: boolean; now?: number } = {}) =>
  nextQuestion({ missing: missingOf(state, facts), state, interval: "1d", isStale, now });

describe("a fetch of several pages", () => {
  test("is done when its pages hold all candles, in whatever order they came", () => {
    const state = fetched(days([0, 5]), days([5, 10]));
    expect(state).toMatchObject({ todo: [], held: [range(0, 10)], added: 2 });
    expect(missingOf(state, facts)).toEqual({ gaps: [], tail: null });
    expect(ask(state)).toEqual({ kind: "done" });
  });

  test("keeps what is still to be asked for, what a page adds first", () => {
    const next = notePage(
      beginFetch([range(0, 5), range(5, 10)]),
      { asked: range(0, 5), covered: range(0, 5), openTimes: days([0, 3]), added: 3, asOf: LATER, next: [range(3, 5)] },
      "1d",
    );
    expect(next.todo).toEqual([range(3, 5), range(5, 10)]);
  });

  test("notices a gap between two pages, and asks for it twice, with the candle behind it", () => {
    const state = fetched(days([0, 4]), days([6, 10]));
    expect(missingOf(state, facts)).toEqual({ gaps: [{ ...range(4, 6), missing: 2 }], tail: null });
    expect(ask(state)).toEqual({ kind: "ask", afterMs: 0, ranges: [range(4, 7)] });
    expect(ask({ ...state, questions: 1 })).toEqual({ kind: "ask", afterMs: 1_000, ranges: [range(4, 7)] });
    expect(ask({ ...state, questions: 2 })).toEqual({ kind: "done" });
  });

  test("expects nothing before the listing, and nothing that has not closed", () => {
    const state = fetched(days([3, 5]), days([5, 8]), { asOf: day(8) + 1 });
    expect(missingOf(state, { ...facts, known: false })).toEqual({ gaps: [], tail: null });
  });

  test("asks for newest candles again with the one before them, and once only where the answer stays the same", () => {
    const state = fetched(days([0, 5]), days([5, 9]));
    expect(ask(state)).toEqual({ kind: "ask", afterMs: 0, ranges: [range(8, 10)] });
    expect(ask({ ...state, questions: 1, askedTail: day(9) })).toEqual({ kind: "done" });
    expect(ask({ ...state, questions: 1, askedTail: day(8) })).toMatchObject({ kind: "ask", afterMs: 1_000 });
  });

  test("waits for a newest candle that closed a moment ago", () => {
    const state = fetched(days([0, 5]), days([5, 9]));
    expect(ask(state, { now: day(10) + 60_000 })).toEqual({ kind: "wait", ranges: [range(8, 10)] });
    expect(ask(state, { now: day(10) + 3_600_000 })).toMatchObject({ kind: "ask" });
  });

  test("asks oftener where an answer seems to be an old one, and once where the series had ended before", () => {
    const state = fetched(days([0, 5]), []);
    const questions = (isStale: boolean) => [0, 1, 2, 3, 4].filter((n) => ask({ ...state, questions: n }, { isStale }).kind === "ask");
    expect(questions(false)).toEqual([0, 1, 2, 3]);
    expect(questions(true)).toEqual([0]);
  });

  test("stays small, however many gaps there are", () => {
    const every = Array.from({ length: 500 }, (_, i) => day(2 * i));
    const state = notePage(
      beginFetch([range(0, 1_000)]),
      { asked: range(0, 1_000), covered: range(0, 1_000), openTimes: every, added: 500, asOf: LATER, next: [] },
      "1d",
    );
    expect(state.held.length).toBeLessThan(100);
    const missing = missingOf(state, { ...facts, range: range(0, 1_000) });
    const question = nextQuestion({ missing, state, interval: "1d", isStale: true, now: LATER });
    expect(question.kind === "ask" && question.ranges.length).toBeLessThanOrEqual(21);
  });
});
