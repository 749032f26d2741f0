import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { CandleSeries } from "../../core/candles/candle-series.ts";
import { NotEnoughDataError } from "../../core/errors.ts";
import { assemblePool } from "../../core/evaluation/pool.ts";
import { planFolds } from "../../core/evaluation/walk-forward.ts";
import { computeFeatures } from "../../core/features/compute-features.ts";
import { ALGORITHMS, type Scope } from "../../core/manifests/manifest.ts";
import { SETTINGS, type SettingsOf, TARGET_CLIP } from "../../core/models/settings.ts";
import { writeCandles } from "../candle-columns.ts";
import { compareErrors, percent } from "../compare-errors.ts";
import { hold, type Outcome } from "../contest.ts";
import { readMarketCandles } from "../market-candles.ts";
import { compareTimes, type Goal, type Row, type Surroundings } from "../row.ts";
import type { TrainingJob } from "../training-job.ts";

const FOLDS = 5;
const TREES = 100;

/** The whole training job on all cores; both need ../shared/market. */
export const trainingJobRows: readonly Row[] = [
  {
    name: "coin-job",
    run: (surroundings) =>
      run(surroundings, {
        scope: "coin",
        settings: withTrees(settingsOf("coin"), TREES),
        boosting: "GradientBoosting",
        goal: { timesLess: 10 },
      }),
  },
  {
    name: "pooled-job",
    run: (surroundings) =>
      run(surroundings, { scope: "pooled", settings: settingsOf("pooled"), boosting: "LightGBM", goal: { timesTheirs: 1.5 } }),
  },
];

async function run(
  { python, folder }: Surroundings,
  { scope, settings, boosting, goal }: Pick<TrainingJob, "scope" | "settings" | "boosting"> & { goal: Goal },
) {
  const coins = await readMarketCandles();
  writeCandles(folder, coins);
  const threads = availableParallelism();
  const groups = planGroups(coins, scope);
  const job: TrainingJob = { scope, settings, boosting, threads, clip: TARGET_CLIP, algorithms: ALGORITHMS, groups };
  const [ours, peers] = await hold(
    [
      { who: "candlecast", command: [process.execPath, "bench/ours/training-job.ts", folder, JSON.stringify(job)] },
      { who: `pandas, scikit-learn ${boosting}`, command: [python, "bench/peers/training_job.py", folder, JSON.stringify(job)] },
    ],
    { warmUps: 0, least: 2, leastMs: 0 },
  );
  const what = `${scope === "coin" ? `training job, a model per coin, ${TREES} trees` : "training job, pooled, default settings"}; ${coins.length} coins, ${groups.length} groups`;
  return [compareTimes(ours, peers, "wall", { what: `${what}, ${threads} threads`, goal, equality: compareAll(folder, ours, peers) })];
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

function settingsOf(scope: Scope): SettingsOf {
  return Object.fromEntries(ALGORITHMS.map((name) => [name, SETTINGS[name][scope]])) as unknown as SettingsOf;
}

function withTrees(settings: SettingsOf, trees: number): SettingsOf {
  return Object.fromEntries(
    Object.entries(settings).map(([name, own]) => [name, "trees" in own ? { ...own, trees } : own]),
  ) as unknown as SettingsOf;
}

/** Of all algorithms; equal if each is. */
function compareAll(folder: string, ours: Outcome, peers: Outcome) {
  const comparisons = ALGORITHMS.map((name) => {
    const comparison = compareErrors(join(folder, `errors-candlecast-${name}.f64`), join(folder, `errors-peers-${name}.f64`));
    return { ...comparison, name };
  });
  return {
    equal: comparisons.every(({ equal }) => equal),
    text: `CPU ${seconds(ours.cpuMs)} / ${seconds(peers.cpuMs)} s, first call ${seconds(ours.firstWallMs)} / ${seconds(peers.firstWallMs)} s; RMSE ${comparisons.map(({ name, difference, standardError }) => `${name} ${percent(difference)} ± ${percent(standardError).slice(1)}`).join(", ")}`,
  };
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}
