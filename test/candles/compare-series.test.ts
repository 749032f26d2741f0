import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Candle } from "../../core/candles/candle.ts";
import { compareSeries } from "../../core/candles/compare-series.ts";
import { candle, series } from "./series.ts";

const days = (closes: readonly number[], values: Partial<Candle>, from = 0) =>
  series(closes.map((close, i) => candle(from + i, { close, ...values })));
const verdict = (stored: ReturnType<typeof series>, fetched: ReturnType<typeof series>) => {
  const comparison = compareSeries();
  comparison.add(stored, fetched);
  return comparison.verdict();
};
const BINANCE = { source: "binance" };
const KRAKEN = { source: "kraken" };

describe("candles that are to be added", () => {
  test("of another coin under the same name are told by the factor, with time and values", () => {
    const found = verdict(days([22.7, 22.73], BINANCE), days([0.00034, 0.00035], KRAKEN));
    expect(found).toMatchObject({ same: false, compared: 2 });
    expect(found).toMatchObject({
      reason: expect.stringMatching(
        /a factor of 6\.\d+e\+4 .*: at 2020-06-02T00:00 22\.73 is stored from binance, and 0\.00035 comes from kraken/,
      ),
    });
  });

  test.each([
    ["euros", 0.87],
    ["a coin after a split by 1000", 1000],
    ["bitcoins", 1 / 30_000],
  ])("in %s are told by the factor", (_, factor) => {
    const closes = [100, 101, 99, 103, 104];
    expect(
      verdict(
        days(closes, BINANCE),
        days(
          closes.map((close) => close * factor),
          KRAKEN,
        ),
      ).same,
    ).toBe(false);
  });

  test("of a coin of the same price that goes another way are told by the path", () => {
    const [one, other] = [
      [1, 1.2, 1, 0.8, 1, 1.2],
      [1, 0.85, 1.05, 1.1, 0.9, 1],
    ];
    expect(verdict(days(one, BINANCE), days(other, KRAKEN))).toMatchObject({
      same: false,
      reason: expect.stringContaining("go another way"),
    });
  });

  test("of another venue are the same coin, and so are a source's own revisions, though one of them is damaged", () => {
    const closes = Array.from({ length: 40 }, (_, i) => 100 * 1.1 ** i);
    const near = closes.map((close, i) => close * (1 + 0.004 * Math.sin(i)));
    expect(verdict(days(closes, BINANCE), days(near, KRAKEN))).toEqual({ same: true, compared: 40 });
    expect(verdict(days(closes, BINANCE), days(near.with(5, 1e-5), KRAKEN)).same).toBe(true);
    expect(verdict(days([100], BINANCE), days([170], BINANCE)).same).toBe(true);
    expect(verdict(days([100, 101, 102], BINANCE), days([1e5, 1.01e5, 1.02e5], BINANCE)).same).toBe(false);
  });

  test("without a common time can't be compared", () => {
    expect(verdict(days([100], BINANCE), days([0.1], KRAKEN, 5))).toEqual({ same: true, compared: 0 });
  });
});

test("only the common times count, whatever else the two hold", () => {
  const times = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 20 });
  fc.assert(
    fc.property(times, times, (a, b) => {
      const of = (list: readonly number[], close: number) =>
        series(list.toSorted((x, y) => x - y).map((day) => candle(day, { close, source: `at ${close}` })));
      const common = a.filter((day) => b.includes(day)).length;
      expect(verdict(of(a, 10), of(b, 10.1))).toEqual({ same: true, compared: common });
      expect(verdict(of(a, 10), of(b, 100)).same).toBe(common === 0);
    }),
  );
});
