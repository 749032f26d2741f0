import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { currentScorings } from "../../core/scoring/current-scorings.ts";
import type { KeptForecast } from "../../core/scoring/kept-forecast.ts";
import type { Outcome, TargetCandle } from "../../core/scoring/outcome.ts";
import { updateOutcomes } from "../../core/scoring/update-outcomes.ts";
import { DAY, FIRST_DAY, keptDirection, keptForecast, onDay } from "./kept-forecast.ts";

type Closes = Readonly<Record<number, number>>;

/** Candles by their day. */
const candles =
  (closes: Closes) =>
  (openTime: number): TargetCandle | null => {
    const close = closes[(openTime - FIRST_DAY) / DAY];
    return close === undefined ? null : { close, fetchedAt: openTime + DAY, source: "binance" };
  };

const update = (stored: readonly Outcome[], forecasts: readonly KeptForecast[], closes: Closes, now = 1) =>
  updateOutcomes(stored, { forecasts, candleAt: candles(closes), now });

const anyForecasts = fc.uniqueArray(
  fc
    .record({
      day: fc.integer({ min: 0, max: 5 }),
      model: fc.constantFrom("ensemble", "random_forest", "no_change"),
      withheld: fc.boolean(),
      direction: fc.boolean(),
    })
    .map(({ day, model, withheld, direction }) =>
      onDay(
        day,
        (direction ? keptDirection : keptForecast)({ model: model as "ensemble", withheldReasons: withheld ? "novel_input" : null }),
      ),
    ),
  { selector: (row) => `${row.manifest} ${row.model} ${row.task}`, maxLength: 20 },
);
const anyCloses = fc.dictionary(fc.constantFrom("0", "1", "2", "3", "4", "5"), fc.integer({ min: 50, max: 150 }));

describe("outcomes", () => {
  test("are the same after the same update, however often, and whatever the time", () => {
    fc.assert(
      fc.property(anyForecasts, anyCloses, (forecasts, closes) => {
        const once = update([], forecasts, closes, 1);
        const twice = update(once.outcomes, forecasts, closes, 2);
        expect(twice.outcomes).toEqual(once.outcomes);
        expect([twice.added, twice.scored, twice.rescored]).toEqual([0, 0, 0]);
      }),
    );
  });

  test("don't depend on the order in which manifests are read, nor on how many at a time", () => {
    fc.assert(
      fc.property(anyForecasts, anyCloses, fc.integer({ min: 0, max: 20 }), (forecasts, closes, cut) => {
        const together = update([], forecasts, closes).outcomes;
        const first = update([], forecasts.slice(cut).reverse(), closes).outcomes;
        expect(update(first, forecasts.slice(0, cut), closes).outcomes).toEqual(together);
      }),
    );
  });

  test("hold each forecast once per close that was seen of its candle; earlier rows stay, and are followed by the next number", () => {
    fc.assert(
      fc.property(anyForecasts, fc.array(anyCloses, { minLength: 1, maxLength: 5 }), (forecasts, looks) => {
        let stored: readonly Outcome[] = [];
        for (const [i, closes] of looks.entries()) {
          const next = update(stored, forecasts, closes, i).outcomes;
          expect(next).toEqual(expect.arrayContaining(stored.filter(({ scoring }) => scoring !== null)));
          stored = next;
        }
        for (const forecast of forecasts) {
          const own = stored.filter(
            (row) => row.manifest === forecast.manifest && row.model === forecast.model && row.task === forecast.task,
          );
          const day = (forecast.targetOpenTime - FIRST_DAY) / DAY;
          const seen = looks.flatMap((closes) => closes[day] ?? []);
          const changes = forecast.withheldReasons === null ? seen.filter((close, i) => close !== seen[i - 1]) : [];
          expect(own.map(({ actualClose }) => actualClose)).toEqual(changes.length > 0 ? changes : [null]);
          expect(own.map(({ scoring }) => scoring)).toEqual(changes.length > 0 ? changes.map((_, i) => i + 1) : [null]);
          const current = currentScorings(own);
          expect(current.map(({ actualClose }) => actualClose)).toEqual([changes.at(-1) ?? null]);
        }
      }),
    );
  });

  test("keep a gap without a score, and score it when its candle comes after all", () => {
    const gap = update([], [keptForecast(), onDay(1, keptForecast())], { 1: 101 });
    expect(gap).toMatchObject({ added: 2, scored: 1, waiting: 1 });
    expect(gap.outcomes.map(({ scoring, squaredError }) => [scoring, squaredError === null])).toEqual([
      [null, true],
      [1, false],
    ]);
    const filled = update(gap.outcomes, [], { 0: 99, 1: 101 }, 5);
    expect(filled).toMatchObject({ added: 0, scored: 1, rescored: 0, waiting: 0 });
    expect(filled.outcomes.map(({ scoring, scoredAt }) => [scoring, scoredAt])).toEqual([
      [1, 5],
      [1, 1],
    ]);
  });

  test("judge a revised candle by the as-of close as it was published", () => {
    const { outcomes } = update(update([], [keptForecast()], { 0: 105 }).outcomes, [], { 0: 110 });
    expect(outcomes.map(({ asOfClose, actualLogReturn }) => [asOfClose, actualLogReturn])).toEqual([
      [100, Math.log(1.05)],
      [100, Math.log(1.1)],
    ]);
  });
});
