import fc from "fast-check";
import { expect, test } from "vitest";
import { InvalidInputError } from "../../core/vocabulary/errors.ts";
import { INTERVALS, intervalMs, lastClosedOpenTime, parseInterval } from "../../core/vocabulary/interval.ts";

test("intervals are as long as their names say", () => {
  expect(INTERVALS.map(intervalMs)).toEqual([86_400_000, 3_600_000, 60_000]);
});

test("an interval is read back from its name, and nothing else is one", () => {
  for (const interval of INTERVALS) expect(parseInterval(interval)).toBe(interval);
  for (const text of ["", "1D", "2d", "constructor", " 1d"]) expect(() => parseInterval(text)).toThrow(InvalidInputError);
  expect(() => parseInterval("5m")).toThrow(/"5m" is not one of 1d, 1h, 1m/);
});

test.each([
  ["1d", "2020-12-31T12:00:00Z", "2020-12-30T00:00:00Z"],
  ["1d", "2020-12-31T00:00:00Z", "2020-12-30T00:00:00Z"],
  ["1d", "2020-12-30T23:59:59.999Z", "2020-12-29T00:00:00Z"],
  ["1h", "2020-12-31T12:30:00Z", "2020-12-31T11:00:00Z"],
  ["1m", "2020-12-31T12:30:01Z", "2020-12-31T12:29:00Z"],
] as const)("the newest %s candle that has closed at %s opened at %s", (interval, asOf, openTime) => {
  expect(new Date(lastClosedOpenTime(interval, Date.parse(asOf))).toISOString()).toBe(new Date(openTime).toISOString());
});

test("the newest closed candle has closed, and the next has not", () => {
  fc.assert(
    fc.property(fc.constantFrom(...INTERVALS), fc.integer({ min: 0, max: 4e12 }), (interval, asOf) => {
      const step = intervalMs(interval);
      const open = lastClosedOpenTime(interval, asOf);
      expect(open + step).toBeLessThanOrEqual(asOf);
      expect(open + 2 * step).toBeGreaterThan(asOf);
      expect(Math.abs(open % step)).toBe(0);
    }),
  );
});
