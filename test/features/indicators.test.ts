import { describe, expect, test } from "vitest";
import { atr } from "../../core/indicators/average-true-range.ts";
import { bollingerBands } from "../../core/indicators/bollinger-bands.ts";
import { cci } from "../../core/indicators/commodity-channel-index.ts";
import { directionalMovement } from "../../core/indicators/directional-movement.ts";
import { drawdown } from "../../core/indicators/drawdown.ts";
import { hullLookback, hullMovingAverage } from "../../core/indicators/hull-moving-average.ts";
import { logChange } from "../../core/indicators/log-ratio.ts";
import { macd } from "../../core/indicators/macd.ts";
import { momentum, roc } from "../../core/indicators/momentum.ts";
import { ema, sma, wma } from "../../core/indicators/moving-averages.ts";
import { onBalanceVolume } from "../../core/indicators/on-balance-volume.ts";
import { parkinsonVolatility } from "../../core/indicators/parkinson-volatility.ts";
import { rsi } from "../../core/indicators/rsi.ts";
import { stochastic, williamsR } from "../../core/indicators/stochastic.ts";

const of = (...values: number[]) => Float64Array.from(values);
const ramp = (length: number) => Float64Array.from({ length }, (_, i) => i + 1);

function expectValues(actual: Float64Array, expected: readonly number[], digits = 10): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => {
    if (Number.isNaN(value)) expect(actual[i], `row ${i}`).toBeNaN();
    else expect(actual[i], `row ${i}`).toBeCloseTo(value, digits);
  });
}

describe("RSI", () => {
  // Changes +1 +1 -1 -2 +3; averages of gain and loss: (1, 0), (1/2, 1/2), (1/4, 5/4), (13/8, 5/8).
  test("smooths gains and losses as Wilder does", () => {
    expectValues(rsi(of(1, 2, 3, 2, 0, 3), 2), [NaN, NaN, 100, 50, 100 / 6, 1300 / 18]);
  });

  // The closes that many libraries test their RSI with, known from https://chartschool.stockcharts.com (Relative Strength
  // Index), in two decimals: the first 14 changes hold gains of 3.34 and losses of 1.4.
  test("gives the known values on a published series", () => {
    const first = [44.34, 44.09, 44.15, 43.61, 44.33, 44.83, 45.1, 45.42, 45.84, 46.08, 45.89, 46.03, 45.61, 46.28, 46.28];
    const values = rsi(of(...first, 46.0, 46.03, 46.41, 46.22, 45.64), 14);
    expect(values[14]).toBeCloseTo((100 * 3.34) / 4.74, 8);
    expect(Array.from(values.subarray(14), (value) => value.toFixed(2))).toEqual(["70.46", "66.25", "66.48", "69.35", "66.29", "57.92"]);
  });

  test("is undefined until the price first changes, and 0 or 100 on one-sided moves", () => {
    expectValues(rsi(of(5, 5, 5, 5, 6, 7), 2), [NaN, NaN, NaN, NaN, 100, 100]);
    expectValues(rsi(of(5, 4, 3), 2), [NaN, NaN, 0]);
  });
});

describe("MACD", () => {
  // An exponential average that begins with the simple one trails a straight line by (span - 1) / 2 throughout.
  test("is half the difference of the spans on a straight line, with no histogram", () => {
    const { line, signal, histogram } = macd(ramp(60));
    expect(line.findIndex(Number.isFinite)).toBe(25);
    expect(signal.findIndex(Number.isFinite)).toBe(33);
    expect(histogram.findIndex(Number.isFinite)).toBe(33);
    expect(line[25]).toBeCloseTo(7, 10);
    expect(line[59]).toBeCloseTo(7, 10);
    expect(signal[59]).toBeCloseTo(7, 10);
    expect(histogram[59]).toBeCloseTo(0, 10);
  });

  // Spans 1 and 2: the fast average is the price, the slow one (1 + 3) / 2 = 2, then 2 + (5 - 2) × 2 / 3 = 4, then 2 + 2/3.
  test("takes the slow average from the fast one, and its own average from itself", () => {
    const { line, signal, histogram } = macd(of(1, 3, 5, 2), { fast: 1, slow: 2, signal: 2 });
    expectValues(line, [NaN, 1, 1, -2 / 3]);
    expectValues(signal, [NaN, NaN, 1, -1 / 9]);
    expectValues(histogram, [NaN, NaN, 0, -5 / 9]);
  });

  test("is 0 on an unchanging price", () => {
    const { line, signal } = macd(new Float64Array(40).fill(8));
    expect(line[39]).toBe(0);
    expect(signal[39]).toBe(0);
  });
});

describe("directional movement", () => {
  // Each candle one higher: +DM 1, -DM 0, true range high - previous close = 1.5.
  test("is all up in a steady rise", () => {
    const low = ramp(40);
    const prices = { low, high: low.map((x) => x + 1), close: low.map((x) => x + 0.5) };
    const { plusDi, minusDi, adx } = directionalMovement(prices, 14);
    expect(plusDi.findIndex(Number.isFinite)).toBe(14);
    expect(adx.findIndex(Number.isFinite)).toBe(27);
    expect(plusDi[39]).toBeCloseTo(100 / 1.5, 10);
    expect(minusDi[39]).toBe(0);
    expect(adx[39]).toBeCloseTo(100, 10);
  });

  // Row 1: up 2, down -1, range 3. Row 2: up -1, down 3, range 4. Row 3: up 1, down -1, range 3 (closes 10 10 7 8).
  // Averages of (range, +DM, -DM) over 2: (3.5, 1, 1.5), then (3.25, 1, 0.75). DX 100 × 0.5 / 2.5 = 20, 100 × 0.25 / 1.75.
  test("smooths ranges and movements as Wilder does", () => {
    const prices = { high: of(10, 12, 11, 12), low: of(8, 9, 6, 9), close: of(10, 10, 7, 8) };
    const { plusDi, minusDi, adx } = directionalMovement(prices, 2);
    const ranges = { second: (3 + 5) / 2, third: (4 + 5) / 2 };
    expectValues(plusDi, [NaN, NaN, 100 / ranges.second, 100 / ranges.third]);
    expectValues(minusDi, [NaN, NaN, 150 / ranges.second, 75 / ranges.third]);
    expectValues(adx, [NaN, NaN, NaN, (20 + 100 / 7) / 2]);
  });

  // Row 1 reaches 1 up and 2 down: down counts. Row 2 reaches 3 both ways: neither counts. Ranges 5 and 11.
  test("counts only the larger movement of a candle that reaches out both ways", () => {
    const prices = { high: of(10, 11, 14), low: of(8, 6, 3), close: of(9, 9, 9) };
    const { plusDi, minusDi } = directionalMovement(prices, 2);
    expectValues(plusDi, [NaN, NaN, 0]);
    expectValues(minusDi, [NaN, NaN, (100 * 2) / (5 + 11)]);
  });

  test("is undefined where nothing moved, and goes on after it", () => {
    const flat = new Float64Array(6).fill(4);
    const { plusDi, adx } = directionalMovement(
      { high: of(...flat, 5, 6, 7, 8), low: of(...flat, 4, 5, 6, 7), close: of(...flat, 5, 6, 7, 8) },
      2,
    );
    expect(plusDi.subarray(0, 6).every(Number.isNaN)).toBe(true);
    expect(adx.subarray(0, 7).every(Number.isNaN)).toBe(true);
    expect(adx[7]).toBe(100);
  });
});

describe("moving averages", () => {
  // A weighted average trails a straight line by (period - 1) / 3: 2 × 7/3 - 15/3 = -1/3 for 8 and 16, plus 1 for √16.
  test("Hull's trails a straight line by two thirds of a candle at period 16", () => {
    const values = hullMovingAverage(ramp(40), 16);
    expect(values.findIndex(Number.isFinite)).toBe(hullLookback(16));
    expect(values[39]).toBeCloseTo(40 - 2 / 3, 10);
  });

  test("are as long as their input, whatever its length", () => {
    for (const length of [0, 1, 3, 15, 16, 18, 19]) {
      for (const average of [sma, ema, wma, hullMovingAverage, roc, bollingerMiddle]) expect(average(ramp(length), 16).length).toBe(length);
    }
  });

  test("weigh as they are named", () => {
    expectValues(sma(of(1, 2, 6, 1), 3), [NaN, NaN, 3, 3]);
    expectValues(ema(of(1, 2, 6, 1), 3), [NaN, NaN, 3, 2]);
    expectValues(wma(of(1, 2, 6, 1), 3), [NaN, NaN, (1 + 4 + 18) / 6, (2 + 12 + 3) / 6]);
  });
});

const bollingerMiddle = (values: Float64Array, period: number) => bollingerBands(values, period).middle;

describe("Bollinger bands", () => {
  // Mean 3, population variance (4 + 1 + 9) / 3.
  test("lie two population deviations from the mean", () => {
    const { upper, middle, lower, percentB } = bollingerBands(of(1, 2, 6), 3);
    const deviation = Math.sqrt(14 / 3);
    expect(middle[2]).toBeCloseTo(3, 10);
    expect(upper[2]).toBeCloseTo(3 + 2 * deviation, 10);
    expect(lower[2]).toBeCloseTo(3 - 2 * deviation, 10);
    expect(percentB[2]).toBeCloseTo((6 - 3 + 2 * deviation) / (4 * deviation), 10);
  });

  // The smallest step that a double near 100,000 can take, once in twenty candles: the bands fall on the mean.
  test("have no inside where they are too narrow to be told apart", () => {
    const { upper, lower, percentB } = bollingerBands(of(...new Float64Array(19).fill(1e5), 1e5 + 2 ** -36), 20);
    expect(upper[19]).toBe(lower[19]);
    expect(percentB[19]).toBeNaN();
  });

  test("have no inside where a price stood still after it had moved", () => {
    const { upper, lower, percentB } = bollingerBands(of(0.1, 0.7, 1e6, 0.3, 0.3, 0.3, 0.3), 3);
    expect(percentB[6]).toBeNaN();
    expect(upper[6]).toBe(lower[6]);
  });
});

describe("oscillators", () => {
  const prices = { high: of(10, 12, 11, 13), low: of(8, 9, 7, 10), close: of(9, 11, 8, 12) };

  // Windows of two: low 8 high 12 close 11; low 7 high 12 close 8; low 7 high 13 close 12.
  test("Stochastic %K is the close's place in the window, %D its mean", () => {
    const { k, d } = stochastic(prices, 2, 2);
    expectValues(k, [NaN, 75, 20, (100 * 5) / 6]);
    expectValues(d, [NaN, NaN, 47.5, (20 + 500 / 6) / 2]);
  });

  test("Williams %R is the same place, seen from the top", () => {
    expectValues(williamsR(prices, 2), [NaN, -25, -80, -100 / 6]);
  });

  // Typical prices 1, 2, 3: mean 2, mean deviation 2/3.
  test("CCI is the distance from the mean in mean deviations of 0.015", () => {
    const typical = of(1, 2, 3);
    expectValues(cci({ high: typical, low: typical, close: typical }, 3), [NaN, NaN, 1 / (0.015 * (2 / 3))]);
  });

  test("are undefined while the price stands still, and defined again after it", () => {
    const moving = of(0.1, 0.7, 0.2, 0.3, 0.3, 0.3, 0.3, 0.4, 0.5, 0.6);
    const still = { high: moving, low: moving, close: moving };
    for (const values of [stochastic(still, 3, 3).k, williamsR(still, 3), cci(still, 3)]) {
      expect(Array.from(values, Number.isFinite)).toEqual([false, false, true, true, true, false, false, true, true, true]);
    }
    expect(stochastic(still, 3, 3).d[9]).toBeCloseTo(100, 10);
  });
});

describe("range and pace", () => {
  // True ranges: row 1 max(3, 12 - 9, 9 - 9) = 3; row 2 max(4, 0, 4) = 4; row 3 max(3, 5, 2) = 5.
  test("ATR begins with the mean true range and goes on as Wilder's average", () => {
    const prices = { high: of(10, 12, 11, 13), low: of(8, 9, 7, 10), close: of(9, 11, 8, 12) };
    expectValues(atr(prices, 2), [NaN, NaN, 3.5, 4.25]);
  });

  test("ROC is in percent, Momentum in the price's unit", () => {
    expectValues(roc(of(2, 3, 4, 3), 2), [NaN, NaN, 100, 0]);
    expectValues(momentum(of(2, 3, 4, 3), 2), [NaN, NaN, 2, 0]);
  });

  test("Parkinson's volatility of a constant range is the range over 2 √(ln 2)", () => {
    expectValues(parkinsonVolatility(of(2, 2, 2), of(1, 1, 1), 2), [
      NaN,
      Math.LN2 / (2 * Math.sqrt(Math.LN2)),
      Math.LN2 / (2 * Math.sqrt(Math.LN2)),
    ]);
  });

  test("drawdown is measured from the highest close of the window", () => {
    expectValues(drawdown(of(4, 2, 3, 1), 2), [NaN, -0.5, 0, 1 / 3 - 1]);
  });
});

describe("volume", () => {
  test("OBV adds volume on a rise, takes it away on a fall, and keeps still otherwise", () => {
    expectValues(onBalanceVolume(of(1, 2, 2, 1, 3), of(10, 20, 30, 40, 0)), [0, 20, 20, -20, -20]);
  });

  test("OBV passes over an unknown volume", () => {
    expectValues(onBalanceVolume(of(1, 2, 3), of(10, NaN, 5)), [0, NaN, 5]);
  });

  test("a change from or to zero is undefined, never infinite", () => {
    expectValues(logChange(of(1, 0, 2, 4, NaN), 1), [NaN, NaN, NaN, Math.LN2, NaN]);
  });
});
