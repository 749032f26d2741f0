import { cpus } from "node:os";
import { assemblePool } from "../core/evaluation/pool.ts";
import { fitFinalModel, runFold } from "../core/evaluation/run-fold.ts";
import { computeFeatures } from "../core/features/compute-features.ts";
import { ALGORITHMS, type AlgorithmName } from "../core/vocabulary/model-names.ts";
import { readMarketCandles } from "./market-candles.ts";
import { planJob } from "./plan-job.ts";

/**
 * CPU time of each algorithm in the benchmark's per-coin job, one thread, for a profile:
 * `node --cpu-prof bench/fit-times.ts [algorithm…]`. It needs ../shared/market.
 */
const REPETITIONS = 3;
const asked = process.argv.slice(2);
const algorithms = asked.length > 0 ? (asked as AlgorithmName[]) : ALGORITHMS;

const coins = await readMarketCandles();
const { groups, settings } = planJob(coins, "coin", 1);
const pools = groups.map((group) =>
  assemblePool(
    group.coins.map((symbol) => computeFeatures(coins.find((series) => series.symbol === symbol) as (typeof coins)[number])),
    { horizon: 1 },
  ),
);
process.stdout.write(`Node ${process.versions.node}, ${cpus()[0].model}, ${groups.length} groups; ms of CPU, least of ${REPETITIONS}\n`);
for (const algorithm of algorithms) {
  const times = Array.from({ length: REPETITIONS }, () => {
    const before = process.cpuUsage();
    pools.forEach((pool, seed) => {
      const options = { scope: "coin", seed, settings } as const;
      groups[seed].folds.forEach(([trainTo, testFrom, testTo], index) => {
        runFold(pool, { index, trainTo, testFrom, testTo }, algorithm, options);
      });
      fitFinalModel(pool, algorithm, options);
    });
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  process.stdout.write(`${algorithm} ${Math.min(...times).toFixed(0)}\n`);
}
