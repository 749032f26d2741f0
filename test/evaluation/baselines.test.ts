import { describe, expect, test } from "vitest";
import { classPrior, drift, meanAbsoluteReturn, recentVolatility } from "../../core/evaluation/baselines/baselines.ts";
import { planFolds } from "../../core/evaluation/walk-forward.ts";
import { makePool } from "./pools.ts";

const pool = makePool({ horizon: 3 });
const folds = planFolds(pool, { folds: 4, embargo: 3 });
const DAY = 86_400_000;

describe("the recent volatility", () => {
  test("is the root mean square of the coin's last 20 returns that were known then", () => {
    const values = recentVolatility(pool);
    const row = 900;
    const known = [...pool.openTime.keys()].filter(
      (r) => pool.symbolIndex[r] === pool.symbolIndex[row] && pool.openTime[r] + 3 * DAY <= pool.openTime[row],
    );
    const squares = known.slice(-20).reduce((sum, r) => sum + pool.actual[r] ** 2, 0);
    expect(values[row]).toBeCloseTo(Math.sqrt(squares / 20), 12);
  });

  test("is unknown until 20 are", () => {
    const own = recentVolatility(pool).filter((_, row) => pool.symbolIndex[row] === 0);
    expect(own.findIndex((value) => !Number.isNaN(value))).toBe(19 + 3);
  });
});

describe.each([
  ["the recent volatility", (changed: typeof pool) => recentVolatility(changed)],
  ["drift", (changed: typeof pool) => drift(changed, folds)],
  ["the class prior", (changed: typeof pool) => classPrior(changed, folds)],
  ["the unit of MASE", (changed: typeof pool) => meanAbsoluteReturn(changed, folds)],
])("%s", (_, compute) => {
  test("is known in a test stretch, and changes by no return that was not yet known there", () => {
    const { testFrom } = folds[2];
    const known = pool.openTime[testFrom] - 3 * DAY;
    const changed = { ...pool, actual: pool.actual.map((value, row) => (pool.openTime[row] > known ? 1 + value : value)) };
    expect(compute(changed)[testFrom]).toBe(compute(pool)[testFrom]);
    expect(compute(pool)[testFrom]).not.toBeNaN();
    const past = { ...pool, actual: pool.actual.map((value, row) => (row < folds[2].trainTo ? 1 + value : value)) };
    expect(compute(past)[testFrom]).not.toBe(compute(pool)[testFrom]);
  });
});
