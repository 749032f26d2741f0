import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { computeFeatures } from "../../core/features/compute-features.ts";
import { ewmVolatility } from "../../core/features/ewm-volatility.ts";
import { candleFeatureSet, createFeatureSet } from "../../core/features/feature-set.ts";
import { hullMovingAverage } from "../../core/indicators/hull-moving-average.ts";
import { InvalidInputError } from "../../core/vocabulary/errors.ts";
import { livelyCandles, randomCandles, truncate } from "./random-candles.ts";

describe("computeFeatures", () => {
  test("gives one column a feature, one row a candle, and what a target needs", () => {
    const series = livelyCandles(150);
    const matrix = computeFeatures(series);
    expect(matrix).toMatchObject({ symbol: "TEST", interval: "1d", featureSet: { name: "daily", digest: candleFeatureSet.digest } });
    expect(matrix.names).toEqual(candleFeatureSet.features.map(({ name }) => name));
    expect(matrix.columns.map((column) => column.length)).toEqual(matrix.names.map(() => 150));
    expect(matrix.openTime).toEqual(series.openTime);
    expect(matrix.close).toEqual(series.close);
    expect(matrix.volatility).toEqual(ewmVolatility(series.close, 20));
    expect(matrix.columns.every((column) => Number.isFinite(column[149]))).toBe(true);
  });

  test("gives the same for the same candles", () => {
    const series = livelyCandles(150);
    expect(computeFeatures(structuredClone(series))).toEqual(computeFeatures(series));
  });

  test("takes any number of candles, and leaves NaN what they are too few for", () => {
    for (const length of [0, 1, 2, 14, 27]) {
      const { names, columns } = computeFeatures(truncate(livelyCandles(30), length));
      columns.forEach((column, f) => {
        const { lookback } = candleFeatureSet.features[f];
        expect(column.length).toBe(length);
        expect(column.some(Number.isFinite), `${names[f]} of ${length}`).toBe(length > lookback);
      });
    }
  });

  test("refuses a close that is no price, naming symbol and value", () => {
    for (const price of [0, -3, Number.NaN, Number.POSITIVE_INFINITY]) {
      const series = livelyCandles(40);
      series.close[7] = price;
      expect(() => computeFeatures(series)).toThrow(InvalidInputError);
      expect(() => computeFeatures(series)).toThrow(new RegExp(`TEST .*${price}.*row 7`));
    }
  });

  test("gives the newest row of a long history the same bits that a later run gives it", () => {
    fc.assert(
      fc.property(randomCandles({ minLength: 130, maxLength: 160 }), (series) => {
        const later = computeFeatures(series);
        const earlier = computeFeatures(truncate(series, 125));
        expect(earlier.columns).toEqual(later.columns.map((column) => column.subarray(0, 125)));
        expect(earlier.volatility).toEqual(later.volatility.subarray(0, 125));
      }),
      { numRuns: 20 },
    );
  });
});

describe("the feature set of candles", () => {
  // Another digest makes every stored training due again, so it may change only where values do.
  test("is the one that stored models were trained with", () => {
    expect(candleFeatureSet.name).toBe("daily");
    expect(candleFeatureSet.digest).toBe("2e37474fbe068a9d1d3176fdb2febd8f96699ad0ef93233975e1de365122889a");
  });

  test("gives each feature its own name, in snake case", () => {
    const names = candleFeatureSet.features.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
  });

  test("changes its digest with a name, a lookback, a version or the order", () => {
    const { name, digest, features } = candleFeatureSet;
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(createFeatureSet("another", features).digest).toBe(digest);
    const [first, ...rest] = features;
    const others = [
      [{ ...first, name: "other" }, ...rest],
      [{ ...first, lookback: first.lookback + 1 }, ...rest],
      [{ ...first, version: first.version + 1 }, ...rest],
      [...rest, first],
      rest,
    ];
    expect(new Set([digest, ...others.map((list) => createFeatureSet(name, list).digest)]).size).toBe(others.length + 1);
  });

  test("knows every day of the week", () => {
    const { names, columns, openTime } = computeFeatures(livelyCandles(7));
    const angle = (i: number) => Math.atan2(columns[names.indexOf("day_of_week_sin")][i], columns[names.indexOf("day_of_week_cos")][i]);
    openTime.forEach((time, i) => {
      const day = Math.round(((angle(i) + 2 * Math.PI) / (2 * Math.PI)) * 7) % 7;
      expect(day).toBe(new Date(time).getUTCDay());
    });
  });

  test("sees a candle whose open lies outside its range", () => {
    const series = livelyCandles(5);
    series.open.set([12, 8], 1);
    series.high.set([11, 11], 1);
    series.low.set([9, 9], 1);
    series.close.set([10, 10], 1);
    const { names, columns } = computeFeatures(series);
    const at = (name: string) => Array.from(columns[names.indexOf(name)].subarray(1, 3), (value) => Number(value.toFixed(12)));
    expect(at("candle_body")).toEqual([-0.2, 0.2]);
    expect(at("upper_shadow")).toEqual([0, 0.1]);
    expect(at("lower_shadow")).toEqual([0.1, 0]);
  });

  // A price that doubles with every candle has a volatility of ln 2.
  test("measures returns in what the volatility lets expect over as many candles", () => {
    const series = livelyCandles(30);
    series.close.set(series.close.map((_, i) => 2 ** i));
    const { names, columns } = computeFeatures(series);
    expect(columns[names.indexOf("log_return_5")][29]).toBeCloseTo(5 * Math.LN2, 12);
    expect(columns[names.indexOf("scaled_return_1")][29]).toBeCloseTo(1, 12);
    expect(columns[names.indexOf("scaled_return_5")][29]).toBeCloseTo(Math.sqrt(5), 12);
  });

  test("has no ratio to a Hull average that a crash took below zero", () => {
    const series = livelyCandles(60);
    series.close.set(series.close.map((price, i) => (i < 50 ? price : price / 1000)));
    const { names, columns, volatility } = computeFeatures(series);
    const hull = hullMovingAverage(series.close, 21);
    const ratios = columns[names.indexOf("hull_ratio_21_in_volatilities")];
    expect(hull.some((value) => value <= 0)).toBe(true);
    hull.forEach((value, i) => {
      if (value > 0) expect(ratios[i]).toBeCloseTo((series.close[i] / value - 1) / volatility[i], 12);
      else expect(ratios[i]).toBeNaN();
    });
  });
});
