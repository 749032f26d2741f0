import { describe, expect, test } from "vitest";
import { predictionsFromTable, tableFromPredictions } from "../../core/evaluation/fold-predictions.ts";
import { runFold } from "../../core/evaluation/run-fold.ts";
import { planFolds } from "../../core/evaluation/walk-forward.ts";
import { SchemaMismatchError } from "../../core/vocabulary/errors.ts";
import { makePool } from "./pools.ts";

const pool = makePool({ days: 120, signal: 1 });
const folds = planFolds(pool, { folds: 3, embargo: 1 });
const parts = folds.map((fold) => runFold(pool, fold, "linear_regression", { scope: "pooled", seed: 1 }));
const table = tableFromPredictions(pool, folds, parts, "linear_regression", "pooled");

describe("out-of-sample predictions", () => {
  test("come back from their table as they were, fold by fold", () => {
    expect(predictionsFromTable(pool, folds, table)).toEqual(parts);
  });

  test("hold symbol, open time and actual return of the pool's row", () => {
    const row = folds[1].testFrom + 4;
    const at = parts[0].rows.length + 4;
    expect([table.symbol[at], table.openTime[at], table.actual[at], table.fold[at]]).toEqual([
      pool.symbols[pool.symbolIndex[row]],
      pool.openTime[row],
      pool.actual[row],
      1,
    ]);
  });

  test.each([
    ["another coin", { ...pool, symbols: ["AAA", "XXX", "CCC"] }, folds],
    ["other days", { ...pool, openTime: pool.openTime.map((time) => time + 86_400_000) }, folds],
    ["fewer folds", pool, folds.slice(0, 2)],
    ["other folds", pool, planFolds(pool, { folds: 2, embargo: 1 })],
    ["more rows", pool, [...folds.slice(0, 2), { ...folds[2], testFrom: folds[2].testFrom - 1 }]],
  ])("are refused for %s", (_, otherPool, otherFolds) => {
    expect(() => predictionsFromTable(otherPool, otherFolds, table)).toThrow(SchemaMismatchError);
  });
});
