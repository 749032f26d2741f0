import { describe, expect, test } from "vitest";
import { predictionsFromParts, rowsOfPredictions } from "../../core/evaluation/fold-predictions.ts";
import { runFold } from "../../core/evaluation/run-fold.ts";
import { planFolds } from "../../core/evaluation/walk-forward.ts";
import { SchemaMismatchError } from "../../core/vocabulary/errors.ts";
import { makePool } from "./pools.ts";

const pool = makePool({ days: 120, signal: 1 });
const folds = planFolds(pool, { folds: 3, embargo: 1 });
const parts = folds.map((fold) => runFold(pool, fold, "linear_regression", { scope: "pooled", seed: 1 }));
const evaluation = rowsOfPredictions(pool, parts, { algorithm: "linear_regression", scope: "pooled" });
const table = evaluation.part(0, evaluation.length);

describe("out-of-sample predictions", () => {
  test.each([1_000, 7, 90])("come back from their table as they were, fold by fold, in parts of %s rows", async (size) => {
    const tables = Array.from({ length: Math.ceil(evaluation.length / size) }, (_, i) =>
      evaluation.part(i * size, Math.min(evaluation.length, (i + 1) * size)),
    );
    expect(await predictionsFromParts(pool, folds, tables)).toEqual(parts);
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
  ])("are refused for %s", async (_, otherPool, otherFolds) => {
    await expect(predictionsFromParts(otherPool, otherFolds, [table])).rejects.toThrow(SchemaMismatchError);
  });

  test("that are too few or too many are refused, with both numbers", async () => {
    const half = evaluation.part(0, 100);
    await expect(predictionsFromParts(pool, folds, [half])).rejects.toThrow(`100 predictions for ${evaluation.length} rows of the folds`);
    await expect(predictionsFromParts(pool, folds, [table, half])).rejects.toThrow(`more predictions than the ${evaluation.length} rows`);
  });
});
