import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assemblePool, layOutPool, poolMember } from "../../core/evaluation/pool.ts";
import { planFolds } from "../../core/evaluation/walk-forward.ts";
import type { FeatureMatrix } from "../../core/features/feature-matrix.ts";
import { createRandom } from "../../core/random.ts";

const DAY = 86_400_000;

function matrix(symbol: string, from: number, days: number, missing: readonly number[] = []): FeatureMatrix {
  const random = createRandom(from + days);
  const openTime = Float64Array.from({ length: days }, (_, i) => (from + i) * DAY).filter((_, i) => !missing.includes(i));
  const n = openTime.length;
  const column = () => Float64Array.from({ length: n }, () => random.normal());
  return {
    symbol,
    interval: "1d",
    featureSet: { name: "made-up", digest: "d" },
    openTime,
    close: Float64Array.from({ length: n }, () => 100 * Math.exp(random.normal() / 10)),
    volatility: new Float64Array(n).fill(0.03),
    names: ["a", "b"],
    columns: [column(), column()],
  };
}

describe("a pool", () => {
  test("holds the rows of all coins by time, each with the return to the candle `horizon` steps later", () => {
    const a = matrix("AAA", 100, 90, [50]);
    const pool = assemblePool([a, matrix("BBB", 120, 90)], { horizon: 2 });
    for (let row = 1; row < pool.openTime.length; row++) expect(pool.openTime[row]).toBeGreaterThanOrEqual(pool.openTime[row - 1]);
    const rows = [...pool.openTime.keys()].filter((row) => pool.symbolIndex[row] === 0);
    expect(rows.map((row) => pool.openTime[row] / DAY)).not.toContain(148);
    for (const row of rows) {
      const now = a.openTime.indexOf(pool.openTime[row]);
      const later = a.openTime.indexOf(pool.openTime[row] + 2 * DAY);
      expect(pool.actual[row]).toBeCloseTo(Math.log(a.close[later] / a.close[now]), 12);
    }
  });
});

describe("the layout of a pool", () => {
  test("puts every coin's features in the rows of its times, coins of one time in their order", () => {
    const coins = [matrix("AAA", 100, 90, [50]), matrix("BBB", 60, 70), matrix("CCC", 120, 90)];
    const { pool, fill } = layOutPool(coins.map((coin) => poolMember(coin, 1)));
    for (const member of [2, 0, 1]) fill(member, coins[member].columns);
    expect(pool.openTime).toHaveLength(87 + 69 + 89);
    for (let row = 0; row < pool.openTime.length; row++) {
      const { openTime, columns } = coins[pool.symbolIndex[row]];
      const at = openTime.indexOf(pool.openTime[row]);
      expect(pool.columns.map((column) => column[row])).toEqual(columns.map((column) => column[at]));
      if (row > 0 && pool.openTime[row - 1] === pool.openTime[row])
        expect(pool.symbolIndex[row]).toBeGreaterThan(pool.symbolIndex[row - 1]);
    }
    expect(pool).toEqual(assemblePool(coins, { horizon: 1 }));
  });
});

describe("walk-forward folds", () => {
  test("learn from the past only, cut at dates, and keep the embargo, for coins of any age", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ from: fc.integer({ min: 0, max: 300 }), days: fc.integer({ min: 400, max: 600 }) }), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.integer({ min: 1, max: 7 }),
        (coins, horizon) => {
          const pool = assemblePool(
            coins.map(({ from, days }, i) => matrix(`C${i}`, from, days)),
            { horizon },
          );
          const folds = planFolds(pool, { folds: 4, embargo: horizon });
          const n = pool.openTime.length;
          folds.forEach(({ index, trainTo, testFrom, testTo }) => {
            expect(testTo).toBe(folds[index + 1]?.testFrom ?? n);
            expect(pool.openTime[testFrom - 1]).toBeLessThan(pool.openTime[testFrom]);
            expect(pool.openTime[trainTo - 1] + 2 * horizon * DAY).toBeLessThanOrEqual(pool.openTime[testFrom]);
            expect(pool.openTime[trainTo] + 2 * horizon * DAY).toBeGreaterThan(pool.openTime[testFrom]);
          });
        },
      ),
      { numRuns: 50 },
    );
  });

  test("of too few rows are refused, with their number", () => {
    const pool = assemblePool([matrix("AAA", 0, 100)], { horizon: 1 });
    expect(() => planFolds(pool, { folds: 5, embargo: 1 })).toThrow(/AAA: 99 rows are too few for 5 folds/);
  });
});
