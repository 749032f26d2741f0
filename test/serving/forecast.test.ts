import { describe, expect, test } from "vitest";
import { forecastOf, forecastScale, intervalHalfWidth, priceAfter, priceChange, priceInterval } from "../../core/serving/forecast.ts";

const interval = { coverage: 0.9, q: 1.5, n: 100, reason: null };

describe("a forecast", () => {
  test("of a regressor is its output × volatility × √horizon, a log return", () => {
    expect(forecastScale(0.02, 4)).toBe(0.04);
    expect(forecastOf("regression", 0.5, 0.04)).toBe(0.02);
  });

  test("of a classifier is its output, a probability", () => {
    expect(forecastOf("classification", 0.5, 0.04)).toBe(0.5);
  });

  test("as a price is the close × e^r", () => {
    expect(priceAfter(100, Math.log(1.25))).toBeCloseTo(125, 12);
    expect(priceAfter(100, 0)).toBe(100);
    expect(priceChange(Math.log(1.25))).toBeCloseTo(0.25, 15);
  });
});

describe("its interval", () => {
  test("lies q × volatility × √horizon around the log return", () => {
    // q × scale = 1.5 × 0.04 = 0.06; e^(0.02 ± 0.06) = e^−0.04 and e^0.08
    expect(intervalHalfWidth(1.5, 0.04)).toBe(0.06);
    const found = priceInterval(interval, 0.02, { close: 100, scale: 0.04 });
    expect(found?.coverage).toBe(0.9);
    expect(found?.lower).toBeCloseTo(96.0789439152, 9);
    expect(found?.upper).toBeCloseTo(108.3287067675, 9);
  });

  test.each([
    ["there is no interval", null, 0.04],
    ["too few errors are known", { ...interval, q: null }, 0.04],
    ["the volatility is unknown", interval, Number.NaN],
  ])("is unknown where %s", (_, of, scale) => {
    expect(priceInterval(of, 0.02, { close: 100, scale })).toBeNull();
  });
});
