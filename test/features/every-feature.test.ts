import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { candleFeatureSet } from "../../core/features/feature-set.ts";
import { flatCandles, livelyCandles, randomCandles, rescale, splice, truncate } from "./random-candles.ts";

const LONGEST_LOOKBACK = Math.max(...candleFeatureSet.features.map(({ lookback }) => lookback));
const candles = randomCandles({ minLength: LONGEST_LOOKBACK + 5, maxLength: LONGEST_LOOKBACK + 60 });
const runs = { numRuns: 25 };

/** Bits, so that NaN equals NaN and -0 differs from 0. */
function bits(values: Float64Array): BigUint64Array {
  return new BigUint64Array(values.slice().buffer);
}

describe.each(candleFeatureSet.features.map((feature) => [feature.name, feature] as const))("%s", (_, { lookback, compute }) => {
  test("is as long as the candles, and nowhere infinite", () => {
    fc.assert(
      fc.property(candles, (series) => {
        const values = compute(series);
        expect(values.length).toBe(series.length);
        expect(values.some((value) => value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY)).toBe(false);
      }),
      runs,
    );
  });

  test("keeps its past to the bit when the future is cut off", () => {
    fc.assert(
      fc.property(candles, fc.nat(), (series, at) => {
        const row = 1 + (at % series.length);
        expect(bits(compute(truncate(series, row)))).toEqual(bits(compute(series).subarray(0, row)));
      }),
      runs,
    );
  });

  test("keeps its past to the bit when the future changes", () => {
    fc.assert(
      fc.property(candles, candles, fc.nat(), (series, other, at) => {
        const row = 1 + (at % (series.length - 1));
        const changed = splice(series, other, row);
        expect(bits(compute(changed).subarray(0, row))).toEqual(bits(compute(series).subarray(0, row)));
      }),
      runs,
    );
  });

  test("does not depend on the units of price and volume", () => {
    const exponent = fc.integer({ min: -20, max: 20 });
    fc.assert(
      fc.property(candles, exponent, exponent, (series, price, amount) => {
        const values = compute(series);
        const rescaled = compute(rescale(series, 2 ** price, 2 ** amount));
        values.forEach((value, i) => {
          if (Number.isNaN(value)) expect(rescaled[i]).toBeNaN();
          else expect(Math.abs(rescaled[i] - value)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value)));
        });
      }),
      runs,
    );
  });

  test("is NaN while it warms up and known from its lookback on", () => {
    const values = compute(livelyCandles(lookback + 50));
    expect(values.findIndex(Number.isFinite)).toBe(lookback);
    expect(values.subarray(lookback).every(Number.isFinite)).toBe(true);
  });

  test("is never known before its lookback, on any candles", () => {
    fc.assert(
      fc.property(randomCandles({ minLength: 0, maxLength: lookback + 5 }), (series) => {
        expect(compute(series).subarray(0, lookback).every(Number.isNaN)).toBe(true);
      }),
      runs,
    );
  });

  test("leaves the candles as they are", () => {
    const series = livelyCandles(lookback + 5);
    const before = structuredClone(series);
    compute(series);
    expect(series).toEqual(before);
  });
});

test("on one unchanging price, only what is defined there is known", () => {
  const series = flatCandles(150);
  const known = candleFeatureSet.features.filter(({ compute }) => compute(series).some(Number.isFinite)).map(({ name }) => name);
  expect(known).toEqual(
    candleFeatureSet.features
      .map(({ name }) => name)
      .filter((name) => !name.endsWith("_in_volatilities"))
      .filter((name) => /^macd|^drawdown|^roc|^log_return|^volatility_60|^parkinson|^atr|width|body|shadow|day_of_week/.test(name)),
  );
  for (const { name, compute } of candleFeatureSet.features.filter(({ name }) => known.includes(name) && !name.startsWith("day_of_week"))) {
    expect(Math.abs(compute(series).at(-1) as number), name).toBeLessThan(1e-12);
  }
});
