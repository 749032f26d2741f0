import fc from "fast-check";
import { expect, test } from "vitest";
import { findGaps } from "../../core/candles/gaps.ts";
import { INTERVALS, intervalMs } from "../../core/vocabulary/interval.ts";
import { DAY, START } from "./series.ts";

const times = (...days: number[]) => days.map((day) => START + day * DAY);

test("an unbroken stretch, a single candle and none have no gaps", () => {
  for (const days of [[], [1], [1, 2, 3]]) expect(findGaps(times(...days), "1d")).toEqual([]);
});

test("a gap begins with the first missing candle and ends with the next one that is there", () => {
  expect(findGaps(times(1, 2, 5, 6, 8), "1d")).toEqual([
    { from: START + 3 * DAY, to: START + 5 * DAY, missing: 2 },
    { from: START + 7 * DAY, to: START + 8 * DAY, missing: 1 },
  ]);
});

test("gaps and candles together fill the time between the first and the last", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...INTERVALS),
      fc.uniqueArray(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 60 }),
      (interval, places) => {
        const step = intervalMs(interval);
        const open = places.sort((a, b) => a - b).map((place) => START + place * step);
        const missing = findGaps(open, interval).flatMap(({ from, to }) =>
          Array.from({ length: (to - from) / step }, (_, i) => from + i * step),
        );
        const all = Array.from({ length: (open[open.length - 1] - open[0]) / step + 1 }, (_, i) => open[0] + i * step);
        expect([...open, ...missing].sort((a, b) => a - b)).toEqual(all);
        expect(findGaps(open, interval).reduce((sum, gap) => sum + gap.missing, 0)).toBe(missing.length);
      },
    ),
  );
});
