import { availableParallelism } from "node:os";
import { createFitPool } from "../../activities/training/fit-pool.ts";
import { cleanCandles } from "../../core/candles/clean-candles.ts";
import { type PriceLaw, RANDOM_WALK, simulateCandles } from "../../core/candles/simulate-candles.ts";
import { type AssessedModel, assess } from "../../core/evaluation/assess.ts";
import { assemblePool } from "../../core/evaluation/pool.ts";
import { planFolds } from "../../core/evaluation/walk-forward.ts";
import { computeFeatures } from "../../core/features/compute-features.ts";
import { ALGORITHMS } from "../../core/manifests/manifest.ts";
import { HET_LAW } from "../../sources/simulated.ts";

/**
 * How often the gate errs, with the real features and learners: `node bench/study/gate-rates.ts [runs] [candles] [coins]`.
 * On random walks a promotion of any model on any coin is an error; on Heterium's law, with other seeds, a run that finds
 * no champion is.
 */
const runs = Number(process.argv[2] ?? 200);
const candles = Number(process.argv[3] ?? 1_000);
const coins = Number(process.argv[4] ?? 1);
const fitPool = createFitPool({ threads: availableParallelism() });
const genesis = Date.parse("2015-01-01T00:00:00Z");
const to = genesis + candles * 86_400_000;

async function judgeRun(law: PriceLaw, seed: number): Promise<AssessedModel[]> {
  const matrices = Array.from({ length: coins }, (_, coin) => {
    const rows = simulateCandles({ law, seed: seed * 1_000 + coin, interval: "1d", genesis, from: genesis, to });
    const symbol = `SIM${coin}`;
    return computeFeatures(cleanCandles(rows, { symbol, interval: "1d", asOf: to, source: "simulated", fetchedAt: to }).series);
  });
  const pool = assemblePool(matrices, { horizon: 1 });
  const folds = planFolds(pool, { folds: 5, embargo: 1 });
  const trained = ALGORITHMS.map(
    async (algorithm) => [algorithm, await fitPool.runFolds(pool, folds, algorithm, { scope: "pooled", seed })] as const,
  );
  const parts = new Map(await Promise.all(trained));
  return Object.values(assess({ pool, folds, parts, scope: "pooled", seed, coverage: 0.9 }).bySymbol).flat();
}

for (const [name, law, isRight] of [
  ["random walks", RANDOM_WALK, (found: readonly unknown[]) => found.length === 0],
  ["Heterium's law", HET_LAW, (found: readonly unknown[]) => found.length > 0],
] as const) {
  let right = 0;
  let oneByOne = 0;
  const counts: Record<string, number> = {};
  for (let seed = 1; seed <= runs; seed++) {
    const models = await judgeRun(law, seed);
    const found = new Set(models.filter(({ role }) => role === "champion").map(({ name }) => name));
    if (isRight([...found])) right++;
    if (models.some(({ groupSkill, skill }) => (groupSkill.lower ?? 0) > 0 && (skill.value ?? 0) > 0)) oneByOne++;
    for (const model of found) counts[model] = (counts[model] ?? 0) + 1;
  }
  const share = (count: number) => `${count} of ${runs} (${((100 * count) / runs).toFixed(1)} %)`;
  process.stdout.write(`${name}, ${coins} × ${candles} candles: right in ${share(right)}; champions: ${JSON.stringify(counts)}\n`);
  process.stdout.write(`  with bounds for each model by itself something would be promoted in ${share(oneByOne)}\n`);
}
await fitPool.close();
