import { beforeAll, describe, expect, test } from "vitest";
import { cleanCandles } from "../../core/candles/clean-candles.ts";
import { type AssessedModel, assess } from "../../core/evaluation/assess.ts";
import { normalCdf } from "../../core/evaluation/intervals/normal.ts";
import { assemblePool } from "../../core/evaluation/pool.ts";
import { runFold } from "../../core/evaluation/run-fold.ts";
import { planFolds } from "../../core/evaluation/walk-forward.ts";
import { computeFeatures } from "../../core/features/compute-features.ts";
import { ALGORITHMS, CLASSIFIERS, REGRESSORS } from "../../core/vocabulary/model-names.ts";
import { createSimulated, HET_LAW, HET_SIGMA } from "../../sources/simulated.ts";

/** The best forecast of Heterium's next log return that anyone can make, the conditional mean of its law. */
function heteriumMean(close: number, previousClose: number): number {
  const { phi, kappa, meanLogPrice } = HET_LAW;
  return phi * Math.log(close / previousClose) - kappa * (Math.log(close) - meanLogPrice);
}

const AS_OF = Date.parse("2026-11-01T00:00:00Z");

describe("models of Heterium, whose law is known", () => {
  let models: AssessedModel[];
  let bestRmse: number;
  let bestBrier: number;
  beforeAll(async () => {
    const { rows } = await createSimulated().fetchPage({ symbol: "HET", interval: "1d", range: { from: 0, to: AS_OF } });
    const { series } = cleanCandles(rows, { symbol: "HET", interval: "1d", asOf: AS_OF, source: "simulated", fetchedAt: AS_OF });
    const pool = assemblePool([computeFeatures(series)], { horizon: 1 });
    const folds = planFolds(pool, { folds: 5, embargo: 1 });
    const parts = new Map(
      ALGORITHMS.map(
        (algorithm) => [algorithm, folds.map((fold) => runFold(pool, fold, algorithm, { scope: "pooled", seed: 1 }))] as const,
      ),
    );
    models = assess({ pool, folds, parts, scope: "pooled", seed: 1, coverage: 0.9 }).bySymbol.HET;
    const index = new Map(Array.from(series.openTime, (time, i) => [time, i]));
    let squares = 0;
    let brier = 0;
    for (let row = folds[0].testFrom; row < pool.openTime.length; row++) {
      const i = index.get(pool.openTime[row]) ?? 0;
      const mean = heteriumMean(series.close[i], series.close[i - 1]);
      squares += (pool.actual[row] - mean) ** 2;
      brier += (Number(pool.actual[row] > 0) - normalCdf(mean / HET_SIGMA)) ** 2;
    }
    const tested = pool.openTime.length - folds[0].testFrom;
    bestRmse = Math.sqrt(squares / tested);
    bestBrier = brier / tested;
  }, 60_000);

  test("the conditional mean errs by the law's own deviation", () => {
    expect(bestRmse / HET_SIGMA).toBeGreaterThan(0.95);
    expect(bestRmse / HET_SIGMA).toBeLessThan(1.05);
  });

  test.each([...REGRESSORS, "ensemble"])("%s errs less than 5 % more than the best possible, and never less", (name) => {
    const rmse = models.find((model) => model.name === name)?.metrics.rmse ?? Number.NaN;
    expect(rmse / bestRmse).toBeGreaterThan(0.995);
    expect(rmse / bestRmse).toBeLessThan(1.05);
  });

  test.each([...CLASSIFIERS])("%s errs less than 2 % more than the law's own probability Φ(mean / σ), and never less", (name) => {
    const metrics = models.find((model) => model.name === name)?.metrics;
    expect((metrics?.brier ?? Number.NaN) / bestBrier).toBeGreaterThan(0.995);
    expect((metrics?.brier ?? Number.NaN) / bestBrier).toBeLessThan(1.02);
    expect((metrics?.baseline_brier ?? Number.NaN) / bestBrier).toBeGreaterThan(1.1);
  });

  test("a champion regressor and a champion classifier are found", () => {
    expect(
      models
        .filter(({ role }) => role === "champion")
        .map(({ task }) => task)
        .sort(),
    ).toEqual(["classification", "regression"]);
  });
});
