import { describe, expect, test } from "vitest";
import { assess } from "../../core/evaluation/assess.ts";
import { conformalQuantile, scoresNeeded } from "../../core/evaluation/intervals/conformal.ts";
import { intervalsByFold } from "../../core/evaluation/intervals/interval-by-fold.ts";
import type { Pool } from "../../core/evaluation/pool.ts";
import { runFold } from "../../core/evaluation/run-fold.ts";
import { planFolds } from "../../core/evaluation/walk-forward.ts";
import { createRandom } from "../../core/random.ts";
import { ALGORITHMS, isClassifier } from "../../core/vocabulary/model-names.ts";
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
  const { predictions, bySymbol, folds } = train(pool);
  const table = predictions.part(0, predictions.length);

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
      expect(ridge?.groupSkill.upper).toBeGreaterThan(ridge?.groupSkill.value ?? 1);
      expect(ridge?.gateLower).toBeLessThan(ridge?.groupSkill.lower ?? 0);
    }
  });

  test("promotes nothing on noise, with the reason", () => {
    const noise = train(makePool({ signal: 0, seed: 5 })).bySymbol;
    for (const model of Object.values(noise).flat()) {
      expect(model.role).toBe("no_skill");
      expect(model.reason).toMatch(/does not beat (no change|drift|the class prior)/);
    }
  });

  test("compares every model with every baseline, and judges it by the better one", () => {
    for (const models of Object.values(bySymbol)) {
      for (const { task, skills, groupSkills, skill, metrics } of models) {
        const pairs = skills.map(({ baseline, loss }) => `${loss} ${baseline}`);
        expect(groupSkills.map(({ baseline, loss }) => `${loss} ${baseline}`)).toEqual(pairs);
        expect(pairs).toEqual(
          task === "regression"
            ? ["rmse no_change", "rmse drift", "mae no_change", "mae drift"]
            : ["brier class_prior", "log_loss class_prior"],
        );
        const rivals = skills.filter(({ loss }) => loss === skill.loss);
        expect(skill.value).toBe(Math.min(...rivals.map(({ value }) => value ?? Number.NaN)));
        for (const { baseline, loss, value } of skills) {
          const theirs = metrics[`${baseline === "drift" ? "drift" : "baseline"}_${loss}`] ?? Number.NaN;
          expect(value).toBeCloseTo(1 - (metrics[loss] ?? Number.NaN) / theirs, 9);
        }
      }
    }
  });

  test("weighs coins of every size the same over the group", () => {
    const { parts } = train(pool);
    const size = (row: number) => (pool.symbolIndex[row] === 0 ? 1024 : 1);
    const sized = (values: Float64Array) => values.map((value, row) => value * size(row));
    const grown = new Map(
      [...parts].map(([algorithm, folds]) => [
        algorithm,
        folds.map(({ rows, prediction }) => ({
          rows,
          prediction: isClassifier(algorithm) ? prediction : prediction.map((value, i) => value * size(rows[i])),
        })),
      ]),
    );
    const wild: Pool = { ...pool, actual: sized(pool.actual), scale: sized(pool.scale) };
    const judged = assess({ pool: wild, folds, parts: grown, scope: "pooled", seed: 1, coverage: 0.9 }).bySymbol.AAA;
    expect(judged.map(({ groupSkills }) => groupSkills)).toEqual(bySymbol.AAA.map(({ groupSkills }) => groupSkills));
    expect(judged.map(({ role }) => role)).toEqual(bySymbol.AAA.map(({ role }) => role));
  });

  test("asks more certainty of a model, the more of them are judged together", () => {
    const { parts } = train(pool);
    const one = new Map([...parts].filter(([algorithm]) => algorithm === "linear_regression"));
    const [alone] = assess({ pool, folds, parts: one, scope: "pooled", seed: 1, coverage: 0.9 }).bySymbol.AAA;
    const among = bySymbol.AAA.find(({ name }) => name === "linear_regression");
    expect(among?.groupSkill).toEqual(alone.groupSkill);
    expect(among?.gateLower).toBeLessThan(alone.gateLower ?? Number.NaN);
  });

  test("judges by drift where a rising market makes it the better baseline", () => {
    const rising = makePool({ seed: 9 });
    const { bySymbol } = train({ ...rising, actual: rising.actual.map((value, row) => value + 0.5 * rising.scale[row]) });
    for (const { name, skill, baselines, role } of bySymbol.AAA.filter(({ task }) => task === "regression")) {
      expect([name, skill.baseline, role]).toEqual([name, "drift", "no_skill"]);
      expect(baselines.drift).toBeCloseTo(0.5, 1);
    }
  });

  test("keeps every out-of-sample prediction of every model, with what came true and what the baseline predicted", () => {
    const tested = pool.openTime.length - folds[0].testFrom;
    expect(table.openTime).toHaveLength(tested * 6);
    /** The share of rises before a fold's test, with one rise and one fall counted on top. */
    const priorOf = (trainTo: number) => (1 + pool.actual.subarray(0, trainTo).filter((value) => value > 0).length) / (trainTo + 2);
    for (let i = 0; i < table.openTime.length; i += 97) {
      const coin = pool.symbols.indexOf(table.symbol[i]);
      const row = [...pool.openTime.keys()].find((r) => pool.openTime[r] === table.openTime[i] && pool.symbolIndex[r] === coin) ?? -1;
      const up = Number(pool.actual[row] > 0);
      expect(table.actual[i]).toBe(isClassifier(table.model[i]) ? up : pool.actual[row]);
      expect(table.baseline[i]).toBe(isClassifier(table.model[i]) ? priorOf(folds[table.fold[i]].trainTo) : 0);
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

describe("a prediction interval", () => {
  test.each([1, 5])("of a test stretch knows no outcome that came after its start, %i candles ahead", (horizon) => {
    const pool = makePool({ horizon });
    const folds = planFolds(pool, { folds: 5, embargo: horizon });
    const { testFrom, testTo } = folds[2];
    const silent = new Float64Array(pool.openTime.length);
    const widths = (actual: Float64Array) => intervalsByFold({ ...pool, actual }, folds, silent, 0.9).slice(testFrom, testTo);
    const dates = (row: number) => (pool.openTime[testFrom] - pool.openTime[row]) / 86_400_000;
    const disturb = (isLate: (row: number) => boolean) => pool.actual.map((value, row) => (isLate(row) ? 100 : value));
    expect(widths(disturb((row) => dates(row) < horizon))).toEqual(widths(pool.actual));
    expect(widths(disturb((row) => dates(row) >= horizon && dates(row) < 60))).not.toEqual(widths(pool.actual));
  });

  /** Errors of a coin whose volatility is known and changes tenfold, in fat tails. */
  const simulate = (n: number, seed: number) => {
    const random = createRandom(seed);
    const volatility = () => 0.01 * 10 ** random.next();
    const error = () => random.normal() / Math.sqrt(0.2 + random.next());
    const scores = Float64Array.from({ length: n }, () => Math.abs(error()));
    return { q: conformalQuantile(scores, 0.9), scale: volatility(), score: Math.abs(error()) };
  };

  test.each([9, 15, 30, 100])("scaled by volatility covers at least its nominal coverage, within 0.7 points, from n = %i errors", (n) => {
    let covered = 0;
    const trials = 20_000;
    for (let trial = 0; trial < trials; trial++) {
      const { q, scale, score } = simulate(n, 1_000 * n + trial);
      if (score * scale <= (q ?? Number.NaN) * scale) covered++;
    }
    expect(covered / trials).toBeGreaterThan(0.893);
  });

  test("is compared with that of no change from the last volatility, in width, coverage and score", () => {
    const { metrics, interval, baselineInterval } = train(makePool({ signal: 0.6 })).bySymbol.AAA[1];
    expect(metrics.interval_coverage).toBeGreaterThan(0.85);
    expect(metrics.baseline_interval_coverage).toBeGreaterThan(0.8);
    expect(metrics.interval_width).toBeLessThan(metrics.baseline_interval_width ?? 0);
    expect(metrics.interval_score).toBeLessThan(metrics.baseline_interval_score ?? 0);
    expect(interval?.q).toBeLessThan(baselineInterval?.q ?? 0);
    expect(interval?.reason).toBeNull();
  });

  test("is not given from too few errors, with the reason", () => {
    const pool = makePool({ days: 400 });
    const young = pool.symbolIndex.map((coin, row) => (coin === 2 && row < pool.symbolIndex.length - 20 ? 0 : coin));
    const entries = train({ ...pool, symbolIndex: young }).bySymbol.CCC;
    expect(entries[0].n).toBe(7);
    expect(entries[0].interval).toMatchObject({
      q: null,
      n: 7,
      reason: expect.stringContaining("7 out-of-sample errors of this coin are too few"),
    });
    expect(entries[0].metrics.interval_score).toBeNull();
    for (const { skill, role } of entries) expect([skill.lower, skill.upper, role]).toEqual([null, null, "no_skill"]);
  });
});

describe("the conformal quantile", () => {
  test("is unknown where there are too few scores", () => {
    expect(conformalQuantile([1, 2, 3, 4, 5, 6, 7, 8], 0.9)).toBeNull();
    expect(conformalQuantile([1, 2, 3, 4, 5, 6, 7, 8, 9], 0.9)).toBe(9);
    expect(scoresNeeded(0.9)).toBe(9);
    expect(scoresNeeded(0.95)).toBe(19);
  });
});
