import { describe, expect, test } from "vitest";
import { assess } from "../../core/evaluation/assess.ts";
import { conformalQuantile } from "../../core/evaluation/conformal.ts";
import type { Pool } from "../../core/evaluation/pool.ts";
import { isClassifier, runFold } from "../../core/evaluation/run-fold.ts";
import { planFolds } from "../../core/evaluation/walk-forward.ts";
import { ALGORITHMS } from "../../core/manifests/manifest.ts";
import { createRandom } from "../../core/random.ts";
import { makePool } from "./pools.ts";

function train(pool: Pool) {
  const folds = planFolds(pool, { folds: 5, embargo: pool.horizon });
  const parts = new Map(
    ALGORITHMS.map((algorithm) => [algorithm, folds.map((fold) => runFold(pool, fold, algorithm, { scope: "coin", seed: 3 }))] as const),
  );
  return { folds, parts, ...assess({ pool, folds, parts, scope: "pooled", seed: 1, coverage: 0.9 }) };
}

describe("an assessment", () => {
  const pool = makePool({ signal: 0.6 });
  const { table, bySymbol, folds } = train(pool);

  test("finds a champion regressor and a champion classifier where there is a signal", () => {
    for (const models of Object.values(bySymbol)) {
      expect(models.map(({ name }) => name)).toEqual([...ALGORITHMS, "ensemble"]);
      for (const task of ["regression", "classification"]) {
        expect(models.filter((model) => model.task === task && model.role === "champion")).toHaveLength(1);
      }
      const ridge = models.find(({ name }) => name === "linear_regression");
      expect(ridge?.skill.value).toBeGreaterThan(0.1);
      expect(ridge?.groupSkill.lower).toBeGreaterThan(0.05);
      expect(ridge?.groupSkill.lower).toBeLessThan(ridge?.groupSkill.value ?? 0);
    }
  });

  test("promotes nothing on noise, and says so", () => {
    const noise = train(makePool({ signal: 0, seed: 5 })).bySymbol;
    for (const model of Object.values(noise).flat()) {
      expect(model.role).toBe("no_skill");
      expect(model.reason).toMatch(/does not beat (no change|the class prior)/);
    }
  });

  test("keeps every out-of-sample prediction of every model, with what came true", () => {
    const tested = pool.openTime.length - folds[0].testFrom;
    expect(table.openTime).toHaveLength(tested * 6);
    for (let i = 0; i < table.openTime.length; i += 97) {
      const coin = pool.symbols.indexOf(table.symbol[i]);
      const row = [...pool.openTime.keys()].find((r) => pool.openTime[r] === table.openTime[i] && pool.symbolIndex[r] === coin) ?? -1;
      const up = Number(pool.actual[row] > 0);
      expect(table.actual[i]).toBe(isClassifier(table.model[i]) ? up : pool.actual[row]);
      expect(table.baseline[i]).toBe(isClassifier(table.model[i]) ? table.baseline[i] : 0);
    }
  });

  test("gives the first fold no interval, and later ones about their coverage", () => {
    let inside = 0;
    let given = 0;
    for (let i = 0; i < table.openTime.length; i++) {
      if (isClassifier(table.model[i])) continue;
      if (table.fold[i] === 0) expect(table.lower[i]).toBeNaN();
      else {
        given++;
        if (table.actual[i] >= table.lower[i] && table.actual[i] <= table.upper[i]) inside++;
      }
    }
    expect(inside / given).toBeGreaterThan(0.86);
    expect(inside / given).toBeLessThan(0.94);
  });
});

describe("the conformal quantile", () => {
  test.each([9, 15, 30, 100])("covers at least what it says at n = %i", (n) => {
    const random = createRandom(n);
    let covered = 0;
    const trials = 20_000;
    for (let trial = 0; trial < trials; trial++) {
      const quantile = conformalQuantile(
        Float64Array.from({ length: n }, () => Math.abs(random.normal())),
        0.9,
      );
      if (quantile === null || Math.abs(random.normal()) <= quantile) covered++;
    }
    expect(covered / trials).toBeGreaterThan(0.893);
  });

  test("is unknown where there are too few scores", () => {
    expect(conformalQuantile([1, 2, 3, 4, 5, 6, 7, 8], 0.9)).toBeNull();
    expect(conformalQuantile([1, 2, 3, 4, 5, 6, 7, 8, 9], 0.9)).toBe(9);
  });
});
