import { createFitPool } from "../../activities/training/fit-pool.ts";
import { assess } from "../../core/evaluation/assess.ts";
import { planFolds } from "../../core/evaluation/walk-forward.ts";
import { ALGORITHMS } from "../../core/manifests/manifest.ts";
import { COINS, readMarketPool } from "./market-pool.ts";

/**
 * Out-of-sample skill of every model on the coins of the market data that are not pegged:
 * `node bench/study/skill.ts [coins] [seed]`.
 */
const seed = Number(process.argv[3] ?? 1);
const pool = await readMarketPool(process.argv[2] ? process.argv[2].split(",") : COINS);
const folds = planFolds(pool, { folds: 5, embargo: 1 });
process.stdout.write(`${pool.symbols.length} coins, ${pool.openTime.length} rows, ${pool.names.length} features, seed ${seed}\n`);
const fitPool = createFitPool({ threads: 2 });
const parts = new Map();
for (const algorithm of ALGORITHMS) {
  const started = performance.now();
  parts.set(algorithm, await fitPool.runFolds(pool, folds, algorithm, { scope: "pooled", seed }));
  process.stdout.write(`${algorithm}: ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}
await fitPool.close();
const started = performance.now();
const { bySymbol } = assess({ pool, folds, parts, scope: "pooled", seed, coverage: 0.9 });
process.stdout.write(`assess: ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
const models = Object.values(bySymbol);
const percent = (value: number | null) => (value === null ? "null" : (100 * value).toFixed(2));
process.stdout.write(
  "| model | mean skill | coins with positive skill | skill of the pool | its lower bound | mean AUC |\n|---|---|---|---|---|---|\n",
);
models[0].forEach(({ name, groupSkill }, i) => {
  const skills = models.map((entries) => entries[i].skill.value ?? Number.NaN);
  const auc = models.map((entries) => entries[i].metrics.auc ?? Number.NaN);
  const positive = `${skills.filter((skill) => skill > 0).length} of ${skills.length}`;
  const area = average(auc);
  const cells = [
    name,
    `${percent(average(skills))} %`,
    positive,
    `${percent(groupSkill.value)} %`,
    `${percent(groupSkill.lower)} %`,
    Number.isNaN(area) ? "" : area.toFixed(4),
  ];
  process.stdout.write(`| ${cells.join(" | ")} |\n`);
});

function average(all: number[]): number {
  const values = all.filter((value) => !Number.isNaN(value));
  return values.reduce((a, b) => a + b, 0) / values.length;
}
