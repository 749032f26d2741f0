import { createFitPool } from "../../activities/train/fit-pool.ts";
import { assess } from "../../core/evaluation/assess.ts";
import { planFolds } from "../../core/evaluation/walk-forward.ts";
import type { Skill } from "../../core/manifests/manifest.ts";
import { ALGORITHMS } from "../../core/vocabulary/model-names.ts";
import { COINS, readMarketPool } from "./market-pool.ts";

/**
 * Out-of-sample skill of every model on the coins of the market data that are not pegged:
 * `node bench/study/skill.ts [coins] [seed]`; coins are parted by commas, or "" for all. It needs ../shared/market. The lower bound
 * is the gate's, which holds for all models at once.
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
  "| model | mean skill | against no change or the class prior | coins with positive skill | skill of the pool | its lower bound (the gate) | mean AUC |\n|---|---|---|---|---|---|---|\n",
);
models[0].forEach(({ name, groupSkill, gateLower }, i) => {
  const skills = models.map((entries) => entries[i].skill.value ?? Number.NaN);
  const plain = models.map((entries) => entries[i].skills.find(isPlain)?.value ?? Number.NaN);
  const auc = models.map((entries) => entries[i].metrics.auc ?? Number.NaN);
  const positive = `${skills.filter((skill) => skill > 0).length} of ${skills.length}`;
  const area = average(auc);
  const cells = [
    name,
    `${percent(average(skills))} %`,
    `${percent(average(plain))} %`,
    positive,
    `${percent(groupSkill.value)} %`,
    `${percent(gateLower)} %`,
    Number.isNaN(area) ? "" : area.toFixed(4),
  ];
  process.stdout.write(`| ${cells.join(" | ")} |\n`);
});

/** Against what says nothing, where `skill` is against the better baseline, drift or not, of each coin. */
function isPlain({ baseline, loss }: Skill): boolean {
  return (baseline === "no_change" && loss === "rmse") || (baseline === "class_prior" && loss === "brier");
}

function average(all: number[]): number {
  const values = all.filter((value) => !Number.isNaN(value));
  return values.reduce((a, b) => a + b, 0) / values.length;
}
