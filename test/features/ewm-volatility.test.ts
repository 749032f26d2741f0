import { expect, test } from "vitest";
import { ewmVolatility } from "../../core/features/ewm-volatility.ts";

test("is the weighted root mean square of past returns", () => {
  const returns = [0.02, -0.01, 0.03, 0.005];
  const close = Float64Array.from([0, ...returns], (_, i) => Math.exp(returns.slice(0, i).reduce((sum, value) => sum + value, 0)));
  const weights = [0.125, 0.25, 0.5, 1];
  const mean = (0.125 * 0.02 ** 2 + 0.25 * 0.01 ** 2 + 0.5 * 0.03 ** 2 + 0.005 ** 2) / weights.reduce((sum, value) => sum + value, 0);
  expect(ewmVolatility(close, 3)[4]).toBeCloseTo(Math.sqrt(mean), 12);
});

test("of a constant growth is that growth, from the first value on", () => {
  const close = Float64Array.from({ length: 30 }, (_, i) => 2 ** i);
  const values = ewmVolatility(close);
  expect(values.subarray(0, 20).every(Number.isNaN)).toBe(true);
  for (const value of values.subarray(20)) expect(value).toBeCloseTo(Math.LN2, 12);
});

test("is undefined, not 0, where the price stands still", () => {
  const close = Float64Array.from({ length: 80 }, (_, i) => (i < 30 ? 100 + (i % 2) : i < 60 ? 100 : 100 + (i % 3)));
  const values = ewmVolatility(close);
  expect(values[29]).toBeGreaterThan(0);
  expect(values[49]).toBeGreaterThan(0);
  expect(values[50]).toBeNaN();
  expect(values[60]).toBeNaN();
  expect(values[61]).toBeGreaterThan(0);
  expect(ewmVolatility(new Float64Array(50).fill(3)).every(Number.isNaN)).toBe(true);
});

test("needs more candles than its span", () => {
  expect(ewmVolatility(new Float64Array(0)).length).toBe(0);
  expect(ewmVolatility(Float64Array.from({ length: 20 }, (_, i) => i + 1)).every(Number.isNaN)).toBe(true);
});
