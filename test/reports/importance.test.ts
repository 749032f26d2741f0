import { expect, test } from "vitest";
import { fitFold } from "../../core/evaluation/run-fold.ts";
import { planFolds } from "../../core/evaluation/walk-forward.ts";
import { predictBody } from "../../core/models/predict-model.ts";
import { createRandom } from "../../core/random.ts";
import { joinImportance, permutationImportance } from "../../core/reports/permutation-importance.ts";
import { type AlgorithmName, REGRESSORS } from "../../core/vocabulary/model-names.ts";
import { makePool } from "../evaluation/pools.ts";

const pool = makePool({ symbols: ["AAA", "BBB"], days: 400, signal: 0.7 });
const folds = planFolds(pool, { folds: 3, embargo: 1 });
const fold = folds[folds.length - 1];

const fitted = (algorithm: AlgorithmName) => fitFold(pool, fold, algorithm, { scope: "coin", seed: 3 });

function measure(model: "ensemble" | AlgorithmName, symbols = ["AAA", "BBB"]) {
  const members = (model === "ensemble" ? REGRESSORS : [model]).map(fitted);
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

test("of features that are measured apart is that of all together", () => {
  const members = [fitted("random_forest")];
  const input = { pool, fold, model: "random_forest", members, symbols: ["AAA", "BBB"], repeats: 2, seed: 5 } as const;
  const shares = [0, 1, 2].map((share) => pool.names.filter((_, f) => f % 3 === share));
  const apart = shares.map((features) => permutationImportance({ ...input, features }));
  expect(Object.values(apart[1]).map(({ features }) => features.map(({ name }) => name).sort())).toEqual([shares[1], shares[1]]);
  expect(joinImportance(apart)).toEqual(permutationImportance(input));
});

test("is the relative increase of the complete model's loss on the shuffled rows", () => {
  const { testFrom, testTo } = fold;
  const rows = testTo - testFrom;
  const body = fitted("random_forest");
  const columns: Float64Array[] = pool.columns.map((column) => Float64Array.from(column.subarray(testFrom, testTo)));
  const own = Array.from({ length: rows }, (_, row) => row).filter((row) => pool.symbolIndex[testFrom + row] === 0);
  const loss = (values: readonly Float64Array[]) =>
    Math.sqrt(
      own.reduce((sum, row) => {
        const predicted = predictBody(body, values, row) * pool.scale[testFrom + row];
        return sum + (pool.actual[testFrom + row] - predicted) ** 2;
      }, 0) / own.length,
    );
  const { features } = permutationImportance({
    pool,
    fold,
    model: "random_forest",
    members: [body],
    symbols: ["AAA"],
    repeats: 1,
    seed: 7,
  }).AAA;
  for (const [f, name] of pool.names.entries()) {
    const random = createRandom(7).fork(`${name} 0`);
    const order = own.slice();
    for (let i = order.length - 1; i > 0; i--) {
      const j = random.int(i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    const shuffled = columns[f].slice();
    own.forEach((row, i) => {
      shuffled[row] = columns[f][order[i]];
    });
    const expected = loss(columns.with(f, shuffled)) / loss(columns) - 1;
    expect(features.find((feature) => feature.name === name)?.increase).toBeCloseTo(expected, 12);
  }
});

test("is measured on the last fold only, and the same each time", () => {
  const { AAA } = measure("linear_regression");
  expect(Date.parse(AAA.from)).toBe(pool.openTime[fold.testFrom]);
  expect(Date.parse(AAA.to)).toBe(pool.openTime[fold.testTo - 1]);
  expect(measure("linear_regression").AAA).toEqual(AAA);
});

test("leaves out a coin that has no row in the fold", () => {
  const gone = { ...pool, symbols: [...pool.symbols, "CCC"] };
  const members = [fitted("linear_regression")];
  expect(permutationImportance({ pool: gone, fold, model: "linear_regression", members, symbols: ["CCC"], repeats: 1, seed: 1 })).toEqual(
    {},
  );
});
