import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { joinStretches, stretchesOf, withoutStretches } from "../../core/candles/stretches.ts";
import type { TimeRange } from "../../core/vocabulary/time-range.ts";

const DAY = 86_400_000;
const days = fc.uniqueArray(fc.integer({ min: 0, max: 40 })).map((list) => list.sort((a, b) => a - b));
const toStretches = (list: readonly number[]) =>
  stretchesOf(
    list.map((day) => day * DAY),
    "1d",
  );
const daysIn = (stretches: readonly TimeRange[]) =>
  stretches.flatMap(({ from, to }) => Array.from({ length: (to - from) / DAY }, (_, i) => from / DAY + i));

describe("stretches of candles", () => {
  test("hold the open times that they were made of, and no other", () => {
    fc.assert(
      fc.property(days, (list) => {
        expect(daysIn(toStretches(list))).toEqual(list);
      }),
    );
  });

  test("joined, hold what any of them holds, in whatever order", () => {
    fc.assert(
      fc.property(days, days, (a, b) => {
        const both = [...new Set([...a, ...b])].sort((x, y) => x - y);
        expect(daysIn(joinStretches([...toStretches(b), ...toStretches(a)]))).toEqual(both);
        expect(joinStretches([...toStretches(b), ...toStretches(a)])).toEqual(toStretches(both));
      }),
    );
  });

  test("without others, hold what those lack", () => {
    fc.assert(
      fc.property(days, days, (a, b) => {
        expect(daysIn(withoutStretches(toStretches(a), toStretches(b)))).toEqual(a.filter((day) => !b.includes(day)));
      }),
    );
  });
});
