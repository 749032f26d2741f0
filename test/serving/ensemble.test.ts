import { expect, test } from "vitest";
import { collectPredictions } from "../../core/evaluation/model-predictions.ts";
import { createRandom } from "../../core/random.ts";
import { ensembleForecasts, ensembleMembers, ensembleOutputs, membersOf } from "../../core/serving/ensemble.ts";
import { ALGORITHMS, isClassifier, type ModelName, REGRESSORS, type Scope } from "../../core/vocabulary/model-names.ts";
import { makePool } from "../evaluation/pools.ts";

const entry = (name: ModelName, scope: Scope = "pooled") => ({ name, scope });

test("the ensemble is the mean of its members, and unknown where one of them is", () => {
  const mean = ensembleForecasts([Float64Array.of(0.03, 0.3), Float64Array.of(-0.01, 0.3), Float64Array.of(0.01, Number.NaN)]);
  expect(mean[0]).toBeCloseTo(0.01, 15);
  expect(mean[1]).toBeNaN();
});

test("its members are the regressors of one scope, all of them or there is no ensemble", () => {
  const models = [...ALGORITHMS, "ensemble" as const].flatMap((name) => [entry(name), entry(name, "coin")]);
  expect(ensembleMembers(models, "coin")).toEqual(REGRESSORS.map((name) => entry(name, "coin")));
  expect(ensembleMembers([entry("linear_regression"), entry("random_forest"), entry("gradient_boosting", "coin")], "pooled")).toBeNull();
  expect(membersOf("ensemble")).toEqual(REGRESSORS);
  expect(membersOf("random_forest_classifier")).toEqual(["random_forest_classifier"]);
});

test("evaluation judges, bit for bit, the ensemble that is served one row at a time", () => {
  const pool = makePool({ days: 100 });
  const n = pool.openTime.length;
  const random = createRandom(3);
  const rows = Int32Array.from({ length: n }, (_, row) => row);
  const parts = new Map(
    ALGORITHMS.map((name) => [
      name,
      [{ rows, prediction: rows.reduce((out, row) => out.fill(random.normal(), row), new Float64Array(n)) }],
    ]),
  );
  const judged = collectPredictions(pool, parts, "pooled").find(({ name }) => name === "ensemble");
  const members = [...parts].flatMap(([name, [{ prediction }]]) => (isClassifier(name) ? [] : [prediction]));
  for (const row of rows) {
    const [served] = ensembleForecasts(members.map((prediction) => prediction.slice(row, row + 1)));
    expect(judged?.prediction[row]).toBe(served);
  }
});

test("the outputs that reports explain are the same mean up to rounding, and a single member's own", () => {
  const random = createRandom(4);
  const members = REGRESSORS.map(() => Float64Array.from({ length: 200 }, () => random.normal()));
  const forecasts = ensembleForecasts(members);
  ensembleOutputs(members).forEach((output, row) => {
    expect(output).toBeCloseTo(forecasts[row], 14);
  });
  expect(ensembleOutputs([members[0]])).toEqual(members[0]);
});
