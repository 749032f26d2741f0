import { expect, test } from "vitest";
import { planFolds } from "../../core/evaluation/walk-forward.ts";
import { type AlgorithmName, REGRESSORS } from "../../core/manifests/manifest.ts";
import { permutationImportance } from "../../core/reports/permutation-importance.ts";
import { makePool } from "../evaluation/pools.ts";

const pool = makePool({ symbols: ["AAA", "BBB"], days: 400, signal: 0.7 });
const folds = planFolds(pool, { folds: 3, embargo: 1 });
const fold = folds[folds.length - 1];

function measure(model: "ensemble" | AlgorithmName, symbols = ["AAA", "BBB"]) {
  const members = (model === "ensemble" ? REGRESSORS : [model]).map((algorithm) => ({ algorithm, scope: "coin" as const, seed: 3 }));
  return permutationImportance({ pool, fold, model, members, symbols, repeats: 3, seed: 1 });
}

test.each(["linear_regression", "random_forest", "logistic_regression", "ensemble"] as const)(
  "%s: the feature that carries the signal matters more than each of the noise, on every coin",
  (model) => {
    const found = measure(model);
    expect(Object.keys(found)).toEqual(["AAA", "BBB"]);
    for (const { features, loss, rows } of Object.values(found)) {
      expect(features[0].name).toBe("f0");
      expect(features[0].increase).toBeGreaterThan(10 * Math.max(...features.slice(1).map(({ increase }) => Math.abs(increase))));
      expect(loss).toBe(model === "logistic_regression" ? "brier" : "rmse");
      expect(rows).toBe((fold.testTo - fold.testFrom) / 2);
    }
  },
);

test("is measured on the last fold only, and the same each time", () => {
  const { AAA } = measure("linear_regression");
  expect(Date.parse(AAA.from)).toBe(pool.openTime[fold.testFrom]);
  expect(Date.parse(AAA.to)).toBe(pool.openTime[fold.testTo - 1]);
  expect(measure("linear_regression").AAA).toEqual(AAA);
});

test("leaves out a coin that has no row in the fold", () => {
  const gone = { ...pool, symbols: [...pool.symbols, "CCC"] };
  const members = [{ algorithm: "linear_regression" as const, scope: "coin" as const, seed: 3 }];
  expect(permutationImportance({ pool: gone, fold, model: "linear_regression", members, symbols: ["CCC"], repeats: 1, seed: 1 })).toEqual(
    {},
  );
});
