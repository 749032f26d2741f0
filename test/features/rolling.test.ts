import fc from "fast-check";
import { expect, test } from "vitest";
import { rollingMax, rollingMin } from "../../core/indicators/rolling-extremes.ts";
import { rollingMean, rollingRootMeanSquare } from "../../core/indicators/rolling-mean.ts";
import { rollingRobustZ } from "../../core/indicators/rolling-robust-z.ts";

const number = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: -20, max: 20 }) }, { weight: 1, arbitrary: fc.constant(Number.NaN) });
const values = fc.array(number, { maxLength: 60 }).map((list) => Float64Array.from(list));

/** The definition, window by window; NaN where the window isn't full or holds a NaN. */
function byWindow(series: Float64Array, period: number, statistic: (window: number[]) => number): number[] {
  return Array.from(series, (_, i) => {
    const window = Array.from(series.subarray(Math.max(0, i - period + 1), i + 1));
    return window.length < period || window.some(Number.isNaN) ? Number.NaN : statistic(window);
  });
}

const median = (window: number[]) => window.toSorted((a, b) => a - b)[(window.length - 1) / 2];

function robustZ(window: number[]): number {
  const middle = median(window);
  const deviation = median(window.map((value) => Math.abs(value - middle)));
  return deviation === 0 ? Number.NaN : (window[window.length - 1] - middle) / (1.4826022185056018 * deviation);
}

test("rolling maximum and minimum are those of each window", () => {
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 9 }), (series, period) => {
      expect(Array.from(rollingMax(series, period))).toEqual(byWindow(series, period, (window) => Math.max(...window)));
      expect(Array.from(rollingMin(series, period))).toEqual(byWindow(series, period, (window) => Math.min(...window)));
    }),
  );
});

test("the rolling mean is that of each window, and forgets a NaN or a huge value that has left it", () => {
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 9 }), (series, period) => {
      const expected = byWindow(series, period, (window) => window.reduce((sum, value) => sum + value, 0) / period);
      expect(Array.from(rollingMean(series, period), (x) => x + 0)).toEqual(expected.map((x) => x + 0));
    }),
  );
  expect(Array.from(rollingMean(Float64Array.of(Number.NaN, 1e300, 0.1, 0.1), 2))).toEqual([NaN, NaN, 1e300 / 2, 0.1]);
});

test("the root mean square is about zero, not about the mean", () => {
  expect(rollingRootMeanSquare(Float64Array.of(3, 4), 2)[1]).toBeCloseTo(Math.sqrt(12.5), 12);
});

test("the robust z-score is that of each window", () => {
  fc.assert(
    fc.property(values, fc.constantFrom(1, 3, 5, 9), (series, period) => {
      const expected = byWindow(series, period, robustZ);
      rollingRobustZ(series, period).forEach((value, i) => {
        if (Number.isNaN(expected[i])) expect(value).toBeNaN();
        else expect(value).toBeCloseTo(expected[i], 10);
      });
    }),
  );
});

test("an outlier does not change what the robust z-score measures others with", () => {
  const calm = rollingRobustZ(Float64Array.of(1, 2, 3, 4, 5), 5)[4];
  const wild = rollingRobustZ(Float64Array.of(-1e9, 2, 3, 4, 5), 5)[4];
  expect(wild).toBe(calm);
});
