import { beforeAll, describe, expect, test } from "vitest";
import type { CandleSeries } from "../../core/candles/candle-series.ts";
import { cleanCandles } from "../../core/candles/clean-candles.ts";
import { assess } from "../../core/evaluation/assess.ts";
import { checkFeaturesKeepPast } from "../../core/evaluation/leak-canary.ts";
import { assemblePool, type Pool } from "../../core/evaluation/pool.ts";
import { runFold } from "../../core/evaluation/run-fold.ts";
import { planFolds } from "../../core/evaluation/walk-forward.ts";
import { computeFeatures } from "../../core/features/compute-features.ts";
import type { FeatureMatrix } from "../../core/features/feature-matrix.ts";
import { ALGORITHMS } from "../../core/manifests/manifest.ts";
import { createRandom } from "../../core/random.ts";
import { createSimulated } from "../../sources/simulated.ts";

const AS_OF = Date.parse("2020-12-31T00:00:00Z");
let series: CandleSeries;

beforeAll(async () => {
  const { rows } = await createSimulated().fetchPage({ symbol: "HET", interval: "1d", range: { from: 0, to: AS_OF } });
  series = cleanCandles(rows, { symbol: "HET", interval: "1d", asOf: AS_OF, source: "simulated", fetchedAt: AS_OF }).series;
});

/** The real features, and one that knows the next close. */
function leaky(candles: CandleSeries): FeatureMatrix {
  const matrix = computeFeatures(candles);
  const tomorrow = candles.close.map((price, i) => (candles.close[i + 1] ?? price) / price - 1);
  return { ...matrix, names: [...matrix.names, "tomorrow"], columns: [...matrix.columns, tomorrow] };
}

function skillsOf(pool: Pool) {
  const folds = planFolds(pool, { folds: 5, embargo: 1 });
  const parts = new Map(
    ALGORITHMS.map((algorithm) => [algorithm, folds.map((fold) => runFold(pool, fold, algorithm, { scope: "coin", seed: 1 }))] as const),
  );
  return assess({ pool, folds, parts, scope: "coin", seed: 1, coverage: 0.9 }).bySymbol.HET;
}

describe("the leak canary", () => {
  test("finds no future in any feature, at 40 moments", () => {
    expect(() =>
      checkFeaturesKeepPast(series, computeFeatures(series), { compute: computeFeatures, samples: 40, random: createRandom(1) }),
    ).not.toThrow();
  });

  test("names a planted feature that sees one candle ahead", () => {
    expect(() => checkFeaturesKeepPast(series, leaky(series), { compute: leaky, samples: 2, random: createRandom(2) })).toThrow(
      /feature tomorrow of HET sees the future/,
    );
  });
});

describe("a label that has lost its meaning", () => {
  test("permuted over the rows leaves no model with skill", () => {
    const pool = assemblePool([computeFeatures(series)], { horizon: 1 });
    const order = [...pool.actual.keys()];
    const random = createRandom(4);
    for (let i = order.length - 1; i > 0; i--) {
      const j = random.int(i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    const permuted = {
      ...pool,
      actual: Float64Array.from(order, (row) => pool.actual[row]),
      scale: Float64Array.from(order, (row) => pool.scale[row]),
    };
    for (const { role } of skillsOf(permuted)) expect(role).toBe("no_skill");
  });

  test("shifted into the past, so that features know it, is noticed as impossible skill", () => {
    const pool = assemblePool([computeFeatures(series)], { horizon: 1 });
    const shifted = { ...pool, actual: Float64Array.from(pool.actual, (_, row) => pool.actual[Math.max(0, row - 1)]) };
    const ridge = skillsOf(shifted).find(({ name }) => name === "linear_regression");
    expect(ridge?.skill.value).toBeGreaterThan(0.5);
  });
});
