import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scoreForecast, unscored } from "../../core/scoring/score-forecast.ts";
import { keptDirection, keptForecast } from "./kept-forecast.ts";

const candleOf = (close: number) => ({ close, fetchedAt: 7, source: "kraken" });
const first = { scoring: 1, scoredAt: 9 };
const price = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
const logReturn = fc.double({ min: -1, max: 1, noNaN: true });
const probability = fc.double({ min: 0, max: 1, noNaN: true });

describe("a forecast of the price", () => {
  test("is off by the difference of log returns from the as-of close as it was published", () => {
    const score = scoreForecast(keptForecast({ asOfClose: 100, logReturn: 0.01 }), candleOf(105), first);
    const actual = Math.log(1.05);
    expect(score).toMatchObject({
      scoring: 1,
      scoredAt: 9,
      actualClose: 105,
      candleFetchedAt: 7,
      candleSource: "kraken",
      withinInterval: true,
      brier: null,
      baselineBrier: null,
    });
    expect(score.actualLogReturn).toBeCloseTo(actual, 14);
    expect(score.error).toBeCloseTo(actual - 0.01, 14);
    expect(score.baselineError).toBeCloseTo(actual, 14);
  });

  test("has an absolute and a squared error of its error, for any prices", () => {
    fc.assert(
      fc.property(price, price, logReturn, (asOfClose, close, predicted) => {
        const score = scoreForecast(keptForecast({ asOfClose, logReturn: predicted }), candleOf(close), first);
        const error = Math.log(close / asOfClose) - predicted;
        expect([score.error, score.absoluteError, score.squaredError]).toEqual([error, Math.abs(error), error * error]);
        expect(score.baselineSquaredError).toBe((score.actualLogReturn ?? Number.NaN) ** 2);
      }),
    );
  });

  test.each([
    [95, true],
    [107, true],
    [94.99, false],
    [107.01, false],
  ])("of which the interval's ends count: %d", (close, inside) => {
    expect(scoreForecast(keptForecast({ lower: 95, upper: 107 }), candleOf(close), first).withinInterval).toBe(inside);
  });

  test("has no score of what is unknown, rather than 0", () => {
    const noInterval = keptForecast({ lower: null, upper: null, coverage: null });
    expect(scoreForecast(noInterval, candleOf(100), first).withinInterval).toBeNull();
    const noClose = scoreForecast(keptForecast({ asOfClose: null }), candleOf(100), first);
    expect([noClose.actualLogReturn, noClose.error, noClose.baselineError, noClose.squaredError]).toEqual([null, null, null, null]);
    const noBaseline = scoreForecast(keptForecast({ baselineLogReturn: null }), candleOf(100), first);
    expect([noBaseline.baselineError, noBaseline.baselineAbsoluteError, noBaseline.baselineSquaredError]).toEqual([null, null, null]);
    expect(noBaseline.error).not.toBeNull();
  });
});

describe("a probability of up", () => {
  test("has the Brier score, as has the class prior as it was", () => {
    fc.assert(
      fc.property(price, price, probability, probability, (asOfClose, close, own, prior) => {
        const forecast = keptDirection({ asOfClose, probabilityUp: own, baselineProbabilityUp: prior });
        const score = scoreForecast(forecast, candleOf(close), first);
        const rose = Number(Math.log(close / asOfClose) > 0);
        expect([score.brier, score.baselineBrier]).toEqual([(own - rose) ** 2, (prior - rose) ** 2]);
        expect([score.error, score.absoluteError, score.squaredError, score.withinInterval]).toEqual([null, null, null, null]);
      }),
    );
  });

  test("counts an unchanged price as no rise, as in training", () => {
    expect(scoreForecast(keptDirection({ asOfClose: 100, probabilityUp: 0.6 }), candleOf(100), first).brier).toBeCloseTo(0.36, 14);
  });
});

test("a forecast without its candle has no score at all", () => {
  const { scoring, actualClose, actualLogReturn, error, brier, scoredAt, candleFetchedAt, candleSource } = unscored(keptForecast());
  expect([scoring, actualClose, actualLogReturn, error, brier, scoredAt, candleFetchedAt, candleSource]).toEqual(Array(8).fill(null));
});
