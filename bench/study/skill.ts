import { createFitPool } from "../../activities/training/fit-pool.ts";
import { cleanCandles } from "../../core/candles/clean-candles.ts";
import type { TimeRange } from "../../core/candles/plan-ingest.ts";
import { assess } from "../../core/evaluation/assess.ts";
import { assemblePool } from "../../core/evaluation/pool.ts";
import { planFolds } from "../../core/evaluation/walk-forward.ts";
import { computeFeatures } from "../../core/features/compute-features.ts";
import type { FeatureMatrix } from "../../core/features/feature-matrix.ts";
import { ALGORITHMS } from "../../core/manifests/manifest.ts";
import { createCryptoCompare } from "../../sources/cryptocompare.ts";
import { startMarket } from "../../test/market-server.ts";

/** Out-of-sample skill of every model on the coins of the market data that are not pegged: `node bench/study/skill.ts`. */
const COINS = ["BTC", "ETH", "ADA", "BNB", "XRP", "LTC", "DOGE", "LINK", "XLM", "TRX", "EOS", "DOT", "UNI"];
/** The first day of the coin files that carry market caps. */
const FROM = Date.parse("2013-04-29T00:00:00Z");
const AS_OF = Date.parse("2020-12-31T12:00:00Z");

const market = await startMarket();
const coins = (process.argv[2] ?? COINS.join(",")).split(",");
const matrices: FeatureMatrix[] = [];
try {
  const source = createCryptoCompare({ baseUrl: market.url, apiKey: "any" });
  for (const symbol of coins) {
    const rows = [];
    let range: TimeRange | null = { from: FROM, to: AS_OF };
    try {
      while (range) {
        const page: Awaited<ReturnType<typeof source.fetchPage>> = await source.fetchPage({ symbol, interval: "1d", range });
        rows.push(...page.rows);
        range = page.next;
      }
    } catch (error) {
      process.stdout.write(`${symbol}: ${(error as Error).message}\n`);
      continue;
    }
    const { series } = cleanCandles(rows, { symbol, interval: "1d", asOf: AS_OF, source: source.name, fetchedAt: AS_OF });
    matrices.push(computeFeatures(series));
  }
} finally {
  await market.stop();
}
const pool = assemblePool(matrices, { horizon: 1 });
const folds = planFolds(pool, { folds: 5, embargo: 1 });
process.stdout.write(`${pool.symbols.length} coins, ${pool.openTime.length} rows, ${pool.names.length} features\n`);
const fitPool = createFitPool({ threads: 2 });
const parts = new Map();
for (const algorithm of ALGORITHMS) {
  const started = performance.now();
  parts.set(algorithm, await fitPool.runFolds(pool, folds, algorithm, { scope: "pooled", seed: 1 }));
  process.stdout.write(`${algorithm}: ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
}
await fitPool.close();
const started = performance.now();
const { bySymbol } = assess({ pool, folds, parts, scope: "pooled", seed: 1, coverage: 0.9 });
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
