import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EMPTY_LEDGER, type Ledger, noteOutcomes } from "../../core/backfill/ledger.ts";
import { planWindows, revisionMs, type WindowFacts, type WindowNeed } from "../../core/backfill/plan-windows.ts";
import { INTERVALS, intervalMs } from "../../core/vocabulary/interval.ts";

const DAY = 86_400_000;
const START = Date.parse("2020-01-01");
const LATER = Date.parse("2026-01-01");

/** Ten days, of which the named ones are stored, each fetched at the given time. */
function facts(storedDays: readonly number[], change: Partial<WindowFacts> = {}): WindowFacts {
  const openTime = storedDays.map((day) => START + day * DAY);
  return {
    range: { from: START, to: START + 10 * DAY },
    interval: "1d",
    openTime,
    fetchedAt: openTime.map(() => LATER),
    ledger: EMPTY_LEDGER,
    asOf: LATER,
    staleBefore: null,
    candles: 4,
    ...change,
  };
}

const days = (windows: readonly WindowNeed[]) =>
  windows.map(({ range, missing, stale, failed }) => [(range.from - START) / DAY, (range.to - START) / DAY, missing, stale, failed]);
const asked = (from: number, to: number, at: number): Ledger =>
  noteOutcomes(EMPTY_LEDGER, [{ range: { from: START + from * DAY, to: START + to * DAY }, at, error: null }]);

describe("planWindows", () => {
  test("an empty store needs every window, cut at the window's width", () => {
    expect(days(planWindows(facts([])))).toEqual([
      [0, 4, 4, 0, 0],
      [4, 8, 4, 0, 0],
      [8, 10, 2, 0, 0],
    ]);
  });

  test("stored candles are left out, and a window is cut down to the candles that it needs", () => {
    expect(days(planWindows(facts([0, 1, 2, 3, 4, 6, 8, 9])))).toEqual([[5, 8, 2, 0, 0]]);
  });

  test("a stretch that is stored completely needs nothing", () => {
    expect(planWindows(facts([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]))).toEqual([]);
  });

  test("a candle that doesn't exist is not asked for twice", () => {
    expect(planWindows(facts([4, 5, 6, 7, 8, 9], { ledger: asked(0, 4, LATER) }))).toEqual([]);
  });

  test("a candle that was missing soon after its close is asked for again", () => {
    const close = START + 10 * DAY;
    const stored = [0, 1, 2, 3, 4, 5, 6, 7, 8];
    expect(days(planWindows(facts(stored, { ledger: asked(8, 10, close + 60_000) })))).toEqual([[9, 10, 1, 0, 0]]);
    expect(planWindows(facts(stored, { ledger: asked(8, 10, close + revisionMs("1d")) }))).toEqual([]);
  });

  test("a candle is stale when it was fetched before it had settled, and no backfill has checked it since", () => {
    const all = facts([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const early = Array.from(all.fetchedAt);
    early[5] = START + 6 * DAY + 60_000;
    expect(days(planWindows({ ...all, fetchedAt: early }))).toEqual([[5, 6, 0, 1, 0]]);
    expect(planWindows({ ...all, fetchedAt: early, ledger: asked(5, 6, LATER) })).toEqual([]);
    // While it can still be revised, another look would not help for good.
    expect(planWindows({ ...all, fetchedAt: early, asOf: START + 6 * DAY + 120_000, range: { from: START, to: START + 6 * DAY } })).toEqual(
      [],
    );
  });

  test("candles last checked before a given time are stale, whether stored or known not to exist", () => {
    const stored = facts([0, 1, 2, 3, 4, 5, 6, 7], { ledger: asked(8, 10, LATER), staleBefore: LATER + 1 });
    expect(days(planWindows(stored))).toEqual([
      [0, 4, 0, 4, 0],
      [4, 8, 0, 4, 0],
      [8, 10, 2, 0, 0],
    ]);
    expect(planWindows({ ...stored, staleBefore: LATER })).toEqual([]);
  });

  test("a stretch that failed is planned again with its reason, unless it was fetched since", () => {
    const failed = noteOutcomes(EMPTY_LEDGER, [{ range: { from: START, to: START + 2 * DAY }, at: LATER + 1, error: "HTTP 500" }]);
    const all = facts([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], { ledger: failed });
    expect(planWindows(all)).toEqual([
      { range: { from: START, to: START + 2 * DAY }, missing: 0, stale: 0, failed: 2, reason: "HTTP 500" },
    ]);
    const since = Array.from(all.fetchedAt, () => LATER + 2);
    expect(planWindows({ ...all, fetchedAt: since })).toEqual([]);
  });

  test("windows are in order, don't overlap, and hold exactly the candles that are needed", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...INTERVALS),
        fc.uniqueArray(fc.nat(199)),
        fc.integer({ min: 1, max: 60 }),
        (interval, indices, candles) => {
          const step = intervalMs(interval);
          const openTime = [...indices].sort((a, b) => a - b).map((i) => START + i * step);
          const windows = planWindows({
            range: { from: START, to: START + 200 * step },
            interval,
            openTime,
            fetchedAt: openTime.map(() => LATER),
            ledger: EMPTY_LEDGER,
            asOf: LATER,
            staleBefore: null,
            candles,
          });
          expect(windows.reduce((sum, { missing }) => sum + missing, 0)).toBe(200 - indices.length);
          const inside = (time: number) => windows.filter(({ range }) => range.from <= time && time < range.to).length;
          const all = Array.from({ length: 200 }, (_, i) => START + i * step);
          expect(all.filter((time) => inside(time) > 1)).toEqual([]);
          expect(all.filter((time) => inside(time) === 0 && !openTime.includes(time))).toEqual([]);
          for (const { range } of windows) {
            expect(range.to - range.from).toBeLessThanOrEqual(candles * step);
            expect(openTime).not.toContain(range.from);
            expect(openTime).not.toContain(range.to - step);
          }
        },
      ),
    );
  });
});

describe("noteOutcomes", () => {
  const outcome = (from: number, to: number, at: number, error: string | null = null) => ({ range: { from, to }, at, error });

  test("joins adjacent stretches that were asked for at the same time", () => {
    expect(noteOutcomes(EMPTY_LEDGER, [outcome(4, 8, 1), outcome(0, 4, 1)]).asked).toEqual([{ from: 0, to: 8, at: 1 }]);
    expect(noteOutcomes(EMPTY_LEDGER, [outcome(4, 8, 2), outcome(0, 4, 1)]).asked).toHaveLength(2);
  });

  test("a later outcome replaces an earlier one, even in the middle of an older stretch", () => {
    const ledger = noteOutcomes(noteOutcomes(EMPTY_LEDGER, [outcome(0, 9, 1)]), [outcome(3, 6, 2)]);
    expect(ledger.asked).toEqual([
      { from: 0, to: 3, at: 1 },
      { from: 3, to: 6, at: 2 },
      { from: 6, to: 9, at: 1 },
    ]);
  });

  test("a failure is recorded beside earlier outcomes, and ends with the next success", () => {
    const failed = noteOutcomes(EMPTY_LEDGER, [outcome(0, 9, 1), outcome(2, 8, 2, "HTTP 500")]);
    expect(failed).toEqual({ asked: [{ from: 0, to: 9, at: 1 }], failed: [{ from: 2, to: 8, at: 2, reason: "HTTP 500" }] });
    expect(noteOutcomes(failed, [outcome(0, 5, 3)]).failed).toEqual([{ from: 5, to: 8, at: 2, reason: "HTTP 500" }]);
  });

  test("stretches stay ordered and never overlap, whatever the outcomes", () => {
    const any = fc.record({ from: fc.nat(50), length: fc.integer({ min: 1, max: 20 }), at: fc.nat(3), bad: fc.boolean() });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 30 }), (list) => {
        const ledger = noteOutcomes(
          EMPTY_LEDGER,
          list.map(({ from, length, at, bad }) => outcome(from, from + length, at, bad ? "no" : null)),
        );
        for (const stretches of [ledger.asked, ledger.failed])
          for (let i = 1; i < stretches.length; i++) expect(stretches[i].from).toBeGreaterThanOrEqual(stretches[i - 1].to);
      }),
    );
  });
});
