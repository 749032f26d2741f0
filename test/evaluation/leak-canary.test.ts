import { beforeAll, describe, expect, test } from "vitest";
import type { CandleSeries } from "../../core/candles/candle-series.ts";
import { cleanCandles } from "../../core/candles/clean-candles.ts";
import { sliceSeries } from "../../core/candles/series-verbs.ts";
import { assess } from "../../core/evaluation/assess.ts";
import { checkLabels } from "../../core/evaluation/canaries/label-canary.ts";
import { checkFeaturesKeepPast } from "../../core/evaluation/canaries/leak-canary.ts";
import { assemblePool, type Pool } from "../../core/evaluation/pool.ts";
import { runFold } from "../../core/evaluation/run-fold.ts";
import { type FoldPlan, planFolds } from "../../core/evaluation/walk-forward.ts";
import { computeFeatures } from "../../core/features/compute-features.ts";
import type { FeatureMatrix } from "../../core/features/feature-matrix.ts";
import { createRandom } from "../../core/random.ts";
import { LeakDetectedError, NEVER_RETRIED } from "../../core/vocabulary/errors.ts";
import { ALGORITHMS } from "../../core/vocabulary/model-names.ts";
import { createSimulated } from "../../sources/simulated.ts";

const AS_OF = Date.parse("2018-12-31T00:00:00Z");
let series: CandleSeries;
let pool: Pool;
let folds: FoldPlan[];

beforeAll(async () => {
  const { rows } = await createSimulated().fetchPage({ symbol: "HET", interval: "1d", range: { from: 0, to: AS_OF } });
  series = cleanCandles(rows, { symbol: "HET", interval: "1d", asOf: AS_OF, source: "simulated", fetchedAt: AS_OF }).series;
  pool = assemblePool([computeFeatures(series)], { horizon: 1 });
  folds = planFolds(pool, { folds: 5, embargo: 1 });
});

/** The real features, and one that knows the next close. */
function leaky(candles: CandleSeries): FeatureMatrix {
  const matrix = computeFeatures(candles);
  const tomorrow = candles.close.map((price, i) => (candles.close[i + 1] ?? price) / price - 1);
  return { ...matrix, names: [...matrix.names, "tomorrow"], columns: [...matrix.columns, tomorrow] };
}

function skillsOf(pool: Pool) {
  const parts = new Map(
    ALGORITHMS.map((algorithm) => [algorithm, folds.map((fold) => runFold(pool, fold, algorithm, { scope: "coin", seed: 1 }))] as const),
  );
  return assess({ pool, folds, parts, scope: "coin", seed: 1, coverage: 0.9 }).bySymbol.HET;
}

function shuffled(n: number): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  const random = createRandom(4);
  for (let i = n - 1; i > 0; i--) {
    const j = random.int(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

test("a leak fails a run at once: no retry can mend it", () => {
  expect(NEVER_RETRIED).toContain(new LeakDetectedError("").name);
});

describe("the future taken away", () => {
  test("changes no bit of any feature, at 1,000 random moments", () => {
    const candles = sliceSeries(series, 0, 400);
    expect(() =>
      checkFeaturesKeepPast(candles, computeFeatures(candles), { compute: computeFeatures, samples: 1_000, random: createRandom(1) }),
    ).not.toThrow();
  });

  test("names a planted feature that sees one candle ahead", () => {
    expect(() => checkFeaturesKeepPast(series, leaky(series), { compute: leaky, samples: 2, random: createRandom(2) })).toThrow(
      /feature tomorrow of HET sees the future/,
    );
  });
});

test("a volatility that sees one candle ahead is found, too: it scales targets and predictions", () => {
  const ahead = (candles: CandleSeries): FeatureMatrix => {
    const matrix = computeFeatures(candles);
    return { ...matrix, volatility: matrix.volatility.map((value, i) => matrix.volatility[i + 1] ?? value) };
  };
  expect(() => checkFeaturesKeepPast(series, ahead(series), { compute: ahead, samples: 2, random: createRandom(2) })).toThrow(
    /feature volatility of HET sees the future/,
  );
});

describe("the labels of a training", () => {
  const check = (changed: Partial<Pool>, plan: readonly FoldPlan[] = folds, seed = 1) =>
    checkLabels({ ...pool, ...changed }, plan, createRandom(seed));

  test("are where they should be, whatever rows are sampled", () => {
    for (let seed = 1; seed <= 5; seed++) expect(() => check({}, folds, seed)).not.toThrow();
  });

  test.each([2, 7, 30, 60, 80])("are where they should be %i candles ahead, too", (horizon) => {
    const farther = assemblePool([computeFeatures(series)], { horizon });
    expect(() => checkLabels(farther, planFolds(farther, { folds: 5, embargo: horizon }), createRandom(horizon))).not.toThrow();
  });

  test("are found in a feature that knows them, by its name", () => {
    const tomorrow = pool.actual.map((value, row) => value / pool.scale[row]);
    const columns = pool.columns.map((column, f) => (pool.names[f] === "rsi_14" ? tomorrow : column));
    expect(pool.names).toContain("rsi_14");
    expect(() => check({ columns })).toThrow(LeakDetectedError);
    expect(() => check({ columns })).toThrow(/feature rsi_14 of HET knows the label/);
  });

  test("are found after a shift into the past: without features of the past the canary reports that it is blind", () => {
    const random = createRandom(5);
    const columns = pool.columns.map((column) => column.map(() => random.normal()));
    expect(() => check({ columns })).toThrow(/the leak canary is blind to HET/);
  });

  test("can't be predicted after they were permuted, unless a fold was trained on the rows that it is tested on", () => {
    const seeing = folds.map((fold) => ({ ...fold, trainTo: fold.testTo }));
    for (let seed = 1; seed <= 3; seed++) expect(() => check({}, seeing, seed)).toThrow(/was trained on rows that it is tested on/);
  });
});

describe("a label that has lost its meaning", () => {
  test("permuted over the rows leaves no model with skill", () => {
    const order = shuffled(pool.actual.length);
    const permuted = {
      ...pool,
      actual: Float64Array.from(order, (row) => pool.actual[row]),
      scale: Float64Array.from(order, (row) => pool.scale[row]),
    };
    for (const { role } of skillsOf(permuted)) expect(role).toBe("no_skill");
  });

  test("shifted into the past, so that features know it, is noticed as impossible skill", () => {
    const shifted = { ...pool, actual: Float64Array.from(pool.actual, (_, row) => pool.actual[Math.max(0, row - 1)]) };
    const ridge = skillsOf(shifted).find(({ name }) => name === "linear_regression");
    expect(ridge?.skill.value).toBeGreaterThan(0.5);
  });
});
