import { availableParallelism } from "node:os";
import { createFitPool } from "../../activities/train/fit-pool.ts";
import { cleanCandles } from "../../core/candles/clean-candles.ts";
import { type PriceLaw, RANDOM_WALK, simulateCandles } from "../../core/candles/simulate-candles.ts";
import { type AssessedModel, assess } from "../../core/evaluation/assess.ts";
import { assemblePool } from "../../core/evaluation/pool.ts";
import { planFolds } from "../../core/evaluation/walk-forward.ts";
import { computeFeatures } from "../../core/features/compute-features.ts";
import { championsOf } from "../../core/serving/champion.ts";
import { ALGORITHMS } from "../../core/vocabulary/model-names.ts";
import { HET_LAW } from "../../sources/simulated.ts";
import { quietModels, randomWalks } from "../../test/evaluation/random-walks.ts";

/**
 * How often the gate errs: `node bench/study/gate-rates.ts [runs] [candles] [coins]`. On random walks a promotion of any model
 * on any coin is an error; on Heterium's law, with other seeds, a run that finds no champion is. First with models that say
 * hardly anything, which is where luck is easiest, then with the real features and learners. It needs no data: candles are simulated.
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

function report(title: string, all: readonly AssessedModel[][], isRight: (found: ReadonlySet<string>) => boolean): void {
  const counts: Record<string, number> = {};
  let right = 0;
  let oneByOne = 0;
  for (const models of all) {
    const found = new Set(championsOf(models).map(({ name }) => name));
    if (isRight(found)) right++;
    if (models.some(({ groupSkill, skill }) => (groupSkill.lower ?? 0) > 0 && (skill.value ?? 0) > 0)) oneByOne++;
    for (const model of found) counts[model] = (counts[model] ?? 0) + 1;
  }
  const share = (count: number) => `${count} of ${all.length} (${((100 * count) / all.length).toFixed(1)} %)`;
  process.stdout.write(`${title}, ${coins} × ${candles} candles: right in ${share(right)}; champions: ${JSON.stringify(counts)}\n`);
  process.stdout.write(`  with each model's own 95 % interval something would be promoted in ${share(oneByOne)}\n`);
}

const seeds = Array.from({ length: runs }, (_, i) => i + 1);
const quiet = seeds.map((seed) => {
  const pool = randomWalks(coins, candles, seed);
  return Object.values(assess({ pool, ...quietModels(pool, seed), scope: "pooled", seed, coverage: 0.9 }).bySymbol).flat();
});
report("random walks, models that say hardly anything", quiet, (found) => found.size === 0);
for (const [name, law, isRight] of [
  ["random walks", RANDOM_WALK, (found: ReadonlySet<string>) => found.size === 0],
  ["Heterium's law", HET_LAW, (found: ReadonlySet<string>) => found.size > 0],
] as const) {
  const all: AssessedModel[][] = [];
  for (const seed of seeds) all.push(await judgeRun(law, seed));
  report(name, all, isRight);
}
await fitPool.close();
