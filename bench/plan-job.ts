import type { CandleSeries } from "../core/candles/candle-series.ts";
import { assemblePool } from "../core/evaluation/pool.ts";
import { FOLDS } from "../core/evaluation/training-groups.ts";
import { planFolds } from "../core/evaluation/walk-forward.ts";
import { computeFeatures } from "../core/features/compute-features.ts";
import { HYPERPARAMETERS, type HyperparametersOf, TARGET_CLIP } from "../core/models/hyperparameters.ts";
import { NotEnoughDataError } from "../core/vocabulary/errors.ts";
import { ALGORITHMS, type Scope } from "../core/vocabulary/model-names.ts";
import type { TrainingJob } from "./training-job.ts";

/** Of the per-coin job's ensembles; the pooled job has the default settings. */
export const COIN_TREES = 100;

/** The benchmark's training job for some coins; `trees`: of each ensemble, null for the default settings. */
export function planJob(
  coins: readonly CandleSeries[],
  scope: Scope,
  threads: number,
  trees: number | null = scope === "coin" ? COIN_TREES : null,
): TrainingJob {
  const settings = trees === null ? settingsOf(scope) : withTrees(settingsOf(scope), trees);
  const boosting = scope === "coin" ? "GradientBoosting" : "LightGBM";
  return { scope, settings, boosting, threads, clip: TARGET_CLIP, algorithms: ALGORITHMS, groups: planGroups(coins, scope) };
}

/** Each group's coins, rows and folds; a coin that was listed too late to be learned from alone is left out, as in the pipeline. */
function planGroups(coins: readonly CandleSeries[], scope: Scope): TrainingJob["groups"] {
  const sorted = coins.toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1));
  const groups = scope === "coin" ? sorted.map((series) => [series]) : [sorted];
  return groups.flatMap((members) => {
    try {
      const pool = assemblePool(members.map(computeFeatures), { horizon: 1 });
      const folds = planFolds(pool, { folds: FOLDS, embargo: 1 }).map((fold) => [fold.trainTo, fold.testFrom, fold.testTo] as const);
      return [{ coins: members.map(({ symbol }) => symbol), rows: pool.openTime.length, folds }];
    } catch (error) {
      if (error instanceof NotEnoughDataError) return [];
      throw error;
    }
  });
}

function settingsOf(scope: Scope): HyperparametersOf {
  return Object.fromEntries(ALGORITHMS.map((name) => [name, HYPERPARAMETERS[name][scope]])) as unknown as HyperparametersOf;
}

function withTrees(settings: HyperparametersOf, trees: number): HyperparametersOf {
  return Object.fromEntries(
    Object.entries(settings).map(([name, own]) => [name, "trees" in own ? { ...own, trees } : own]),
  ) as unknown as HyperparametersOf;
}
