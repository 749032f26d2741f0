import { availableParallelism } from "node:os";
import { createFitPool } from "../../activities/training/fit-pool.ts";
import { cleanCandles } from "../../core/candles/clean-candles.ts";
import { type PriceLaw, RANDOM_WALK, simulateCandles } from "../../core/candles/simulate-candles.ts";
import { assess } from "../../core/evaluation/assess.ts";
import { assemblePool } from "../../core/evaluation/pool.ts";
import { planFolds } from "../../core/evaluation/walk-forward.ts";
import { computeFeatures } from "../../core/features/compute-features.ts";
import { ALGORITHMS } from "../../core/manifests/manifest.ts";
import { HET_LAW } from "../../sources/simulated.ts";

/**
 * How often the gate errs: `node bench/study/gate-rates.ts [runs] [candles]`. On random walks a promotion is an error; on
 * Heterium's law, with other seeds, a run without a champion is.
 */
const runs = Number(process.argv[2] ?? 200);
const candles = Number(process.argv[3] ?? 1_000);
const fitPool = createFitPool({ threads: availableParallelism() });
const genesis = Date.parse("2015-01-01T00:00:00Z");
const to = genesis + candles * 86_400_000;

async function champions(law: PriceLaw, seed: number): Promise<string[]> {
  const rows = simulateCandles({ law, seed, interval: "1d", genesis, from: genesis, to });
  const { series } = cleanCandles(rows, { symbol: "SIM", interval: "1d", asOf: to, source: "simulated", fetchedAt: to });
  const pool = assemblePool([computeFeatures(series)], { horizon: 1 });
  const folds = planFolds(pool, { folds: 5, embargo: 1 });
  const trained = ALGORITHMS.map(
    async (algorithm) => [algorithm, await fitPool.runFolds(pool, folds, algorithm, { scope: "pooled", seed })] as const,
  );
  const { bySymbol } = assess({ pool, folds, parts: new Map(await Promise.all(trained)), scope: "pooled", seed, coverage: 0.9 });
  return bySymbol.SIM.filter(({ role }) => role === "champion").map(({ name }) => name);
}

for (const [name, law, isRight] of [
  ["random walks", RANDOM_WALK, (found: string[]) => found.length === 0],
  ["Heterium's law", HET_LAW, (found: string[]) => found.length > 0],
] as const) {
  let right = 0;
  const counts: Record<string, number> = {};
  for (let seed = 1; seed <= runs; seed++) {
    const found = await champions(law, seed);
    if (isRight(found)) right++;
    for (const model of found) counts[model] = (counts[model] ?? 0) + 1;
  }
  process.stdout.write(
    `${name}: ${right} of ${runs} right (${((100 * right) / runs).toFixed(1)} %), ${candles} candles each; champions: ${JSON.stringify(counts)}\n`,
  );
}
await fitPool.close();
