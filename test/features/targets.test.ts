import fc from "fast-check";
import { expect, test } from "vitest";
import { forwardLogReturnAt } from "../../core/features/targets.ts";
import { InvalidInputError } from "../../core/vocabulary/errors.ts";
import { randomCandles } from "./random-candles.ts";

const DAY_MS = 86_400_000;

/** Of candles without gaps. */
function forwardLogReturn(close: readonly number[], horizon: number): number[] {
  const openTime = Float64Array.from(close, (_, i) => i * DAY_MS);
  return [...forwardLogReturnAt(openTime, Float64Array.from(close), horizon, DAY_MS)];
}

test("looks h candles ahead, and is NaN where there are none yet", () => {
  expect(forwardLogReturn([1, 2, 8], 1)).toEqual([Math.log(2), Math.log(4), NaN]);
  expect(forwardLogReturn([1, 2, 8], 2)).toEqual([Math.log(8), NaN, NaN]);
  expect(forwardLogReturn([1, 2], 5)).toEqual([NaN, NaN]);
});

test("is NaN where either price is unknown or not a price", () => {
  for (const price of [0, -1, NaN, Number.POSITIVE_INFINITY]) {
    expect(forwardLogReturn([1, price, 4, 8], 1)).toEqual([NaN, NaN, Math.log(2), NaN]);
  }
});

test("refuses a horizon that is not a whole number of at least 1, and columns of different lengths", () => {
  for (const horizon of [0, -1, 1.5, NaN]) {
    expect(() => forwardLogReturn([1, 2], horizon)).toThrow(InvalidInputError);
    expect(() => forwardLogReturn([1, 2], horizon)).toThrow(`horizon ${horizon}`);
  }
  expect(() => forwardLogReturnAt(Float64Array.of(0, 1), Float64Array.of(1), 1, 1)).toThrow("2 open times, but 1 closes");
});

test("is NaN over a gap, not a return over more candles", () => {
  const openTime = Float64Array.of(0, 1, 3, 4, 5).map((day) => day * DAY_MS);
  const close = Float64Array.of(1, 2, 4, 8, 16);
  expect([...forwardLogReturnAt(openTime, close, 1, DAY_MS)]).toEqual([Math.log(2), NaN, Math.log(2), Math.log(2), NaN]);
  expect([...forwardLogReturnAt(openTime, close, 2, DAY_MS)]).toEqual([NaN, Math.log(2), Math.log(4), NaN, NaN]);
});

test("never looks at a candle other than the one h × step later", () => {
  fc.assert(
    fc.property(randomCandles({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 6 }), ({ openTime, close }, horizon) => {
      const rowByTime = new Map(Array.from(openTime, (time, i) => [time, i]));
      const expected = Array.from(openTime, (time, i) => Math.log(close[rowByTime.get(time + horizon * DAY_MS) ?? -1] / close[i]));
      expect([...forwardLogReturnAt(openTime, close, horizon, DAY_MS)]).toEqual(expected);
    }),
  );
});
