import type { AssessInput } from "../../core/evaluation/assess.ts";
import { classPrior } from "../../core/evaluation/baselines/baselines.ts";
import type { Pool } from "../../core/evaluation/pool.ts";
import { planFolds } from "../../core/evaluation/walk-forward.ts";
import { createRandom } from "../../core/random.ts";
import { ALGORITHMS, isClassifier } from "../../core/vocabulary/model-names.ts";

const DAY = 86_400_000;

/** Random walks of coins that share half of each day's variance. */
export function randomWalks(coins: number, days: number, seed: number): Pool {
  const random = createRandom(seed);
  const market = Float64Array.from({ length: days }, () => random.normal());
  const n = coins * days;
  const scale = Float64Array.from({ length: n }, (_, row) => 0.02 * (1 + (row % coins)));
  return {
    symbols: Array.from({ length: coins }, (_, coin) => `C${coin}`),
    interval: "1d",
    horizon: 1,
    featureSet: { name: "none", digest: "none" },
    names: [],
    columns: [],
    symbolIndex: Int32Array.from({ length: n }, (_, row) => row % coins),
    openTime: Float64Array.from({ length: n }, (_, row) => Math.floor(row / coins) * DAY),
    scale,
    actual: Float64Array.from({ length: n }, (_, row) => scale[row] * Math.SQRT1_2 * (market[Math.floor(row / coins)] + random.normal())),
  };
}

/**
 * Five models without knowledge whose predictions are small, where luck is most likely: their true skill is barely below zero.
 * They share half of the variance of their predictions.
 */
export function quietModels(pool: Pool, seed: number): Pick<AssessInput, "folds" | "parts"> {
  const folds = planFolds(pool, { folds: 5, embargo: 1 });
  const prior = classPrior(pool, folds);
  const random = createRandom(seed).fork("predictions");
  const shared = pool.actual.map(() => random.normal());
  const parts = new Map(
    ALGORITHMS.map((algorithm) => [
      algorithm,
      folds.map(({ testFrom, testTo }) => {
        const rows = Int32Array.from({ length: testTo - testFrom }, (_, i) => testFrom + i);
        const noise = (row: number) => 0.02 * Math.SQRT1_2 * (shared[row] + random.normal());
        const predict = (row: number) => (isClassifier(algorithm) ? prior[row] + noise(row) / 2 : noise(row) * pool.scale[row]);
        return { rows, prediction: Float64Array.from(rows, predict) };
      }),
    ]),
  );
  return { folds, parts };
}
