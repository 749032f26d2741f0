import fc from "fast-check";
import { expect, test } from "vitest";
import { forwardLogReturn, forwardLogReturnAt } from "../../core/features/targets.ts";
import { InvalidInputError } from "../../core/vocabulary/errors.ts";
import { randomCandles } from "./random-candles.ts";

const DAY_MS = 86_400_000;

test("the forward return looks h candles ahead, and is NaN where there are none yet", () => {
  expect(Array.from(forwardLogReturn(Float64Array.of(1, 2, 8), 1))).toEqual([Math.log(2), Math.log(4), NaN]);
  expect(Array.from(forwardLogReturn(Float64Array.of(1, 2, 8), 2))).toEqual([Math.log(8), NaN, NaN]);
  expect(Array.from(forwardLogReturn(Float64Array.of(1, 2), 5))).toEqual([NaN, NaN]);
});

test("the forward return refuses a price that is none, and a horizon that is none", () => {
  for (const price of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => forwardLogReturn(Float64Array.of(1, price), 1)).toThrow(InvalidInputError);
    expect(() => forwardLogReturn(Float64Array.of(1, price), 1)).toThrow(`close ${price} in row 1`);
  }
  for (const horizon of [0, -1, 1.5, Number.NaN]) {
    expect(() => forwardLogReturn(Float64Array.of(1, 2), horizon)).toThrow(`horizon ${horizon}`);
    expect(() => forwardLogReturnAt(Float64Array.of(0, 1), Float64Array.of(1, 2), horizon, 1)).toThrow(`horizon ${horizon}`);
  }
});

test("the forward return by time is NaN over a gap, not a return of more candles", () => {
  const openTime = Float64Array.of(0, 1, 3, 4, 5).map((day) => day * DAY_MS);
  const close = Float64Array.of(1, 2, 4, 8, 16);
  expect(Array.from(forwardLogReturnAt(openTime, close, 1, DAY_MS))).toEqual([Math.log(2), NaN, Math.log(2), Math.log(2), NaN]);
  expect(Array.from(forwardLogReturnAt(openTime, close, 2, DAY_MS))).toEqual([NaN, Math.log(2), Math.log(4), NaN, NaN]);
});

test("the forward return by time is NaN where either price is unknown", () => {
  const openTime = Float64Array.of(0, 1, 2, 3);
  expect(Array.from(forwardLogReturnAt(openTime, Float64Array.of(1, Number.NaN, 4, 8), 1, 1))).toEqual([NaN, NaN, Math.log(2), NaN]);
});

test("both agree where there are no gaps, and by time never looks up another candle", () => {
  fc.assert(
    fc.property(randomCandles({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 6 }), ({ openTime, close }, horizon) => {
      const rowByTime = new Map(Array.from(openTime, (time, i) => [time, i]));
      const expected = Array.from(openTime, (time, i) => Math.log(close[rowByTime.get(time + horizon * DAY_MS) ?? -1] / close[i]));
      expect(Array.from(forwardLogReturnAt(openTime, close, horizon, DAY_MS))).toEqual(expected);
      const everyDay = close.map((_, i) => i * DAY_MS);
      expect(forwardLogReturnAt(everyDay, close, horizon, DAY_MS)).toEqual(forwardLogReturn(close, horizon));
    }),
  );
});
