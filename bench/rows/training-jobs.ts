import { availableParallelism } from "node:os";
import { join } from "node:path";
import { ALGORITHMS, type Scope } from "../../core/vocabulary/model-names.ts";
import { writeCandles } from "../candle-columns.ts";
import { compareErrors, percent } from "../compare-errors.ts";
import { readMarketCandles } from "../market-candles.ts";
import { measureInTurns, type Outcome } from "../measure-in-turns.ts";
import { COIN_TREES, planJob } from "../plan-job.ts";
import { compareTimes, type Goal, type Row, type Surroundings } from "../row.ts";

/** The whole training job on all cores; both need ../shared/market. */
export const trainingJobRows: readonly Row[] = [
  { name: "coin-job", needsMarket: true, run: (surroundings) => run(surroundings, "coin", { timesLess: 12 }) },
  { name: "pooled-job", needsMarket: true, run: (surroundings) => run(surroundings, "pooled", { timesTheirs: 1.5 }) },
];

async function run({ python, folder }: Surroundings, scope: Scope, goal: Goal) {
  const coins = await readMarketCandles();
  writeCandles(folder, coins);
  const job = planJob(coins, scope, availableParallelism());
  const [ours, peers] = await measureInTurns(
    [
      { who: "candlecast", command: [process.execPath, "bench/ours/training-job.ts", folder, JSON.stringify(job)] },
      { who: `pandas, scikit-learn ${job.boosting}`, command: [python, "bench/peers/training_job.py", folder, JSON.stringify(job)] },
    ],
    { warmUps: 0, least: 2, leastMs: 0 },
  );
  const kind = scope === "coin" ? `a model per coin, ${COIN_TREES} trees` : "pooled, default settings";
  const what = `training job, ${kind}; ${coins.length} coins, ${job.groups.length} groups, ${job.threads} threads`;
  return [compareTimes(ours, peers, "wall", { what, goal, equality: compareAll(folder, ours, peers) })];
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
