import { assess } from "../../core/evaluation/assess.ts";
import { runFold } from "../../core/evaluation/run-fold.ts";
import { planFolds } from "../../core/evaluation/walk-forward.ts";
import { learnNovelty, noveltyOf } from "../../core/models/novelty.ts";
import { readMarketPool } from "./market-pool.ts";

/**
 * Do intervals hold what they say on the coins of the market data, and how often is a test row novel?
 * `node bench/study/coverage.ts [coins]`; it needs ../shared/market. Intervals are those that would have been given at the time.
 */
const COINS = "BTC,ETH,ADA,BNB,XRP,LTC,DOGE,LINK,XLM,TRX,EOS";

const pool = await readMarketPool((process.argv[2] ?? COINS).split(","));
const folds = planFolds(pool, { folds: 5, embargo: 1 });
const parts = new Map([
  ["linear_regression", folds.map((fold) => runFold(pool, fold, "linear_regression", { scope: "pooled", seed: 1 }))],
] as const);
const { bySymbol } = assess({ pool, folds, parts, scope: "pooled", seed: 1, coverage: 0.9 });
process.stdout.write(
  "| coin | coverage of 90 % | mean width | score | last volatility's coverage | width | score |\n|---|---|---|---|---|---|---|\n",
);
const names = ["interval_coverage", "interval_width", "interval_score"];
const keys = [...names, ...names.map((name) => `baseline_${name}`)];
const line = (title: string, values: readonly number[]) =>
  process.stdout.write(`| ${title} | ${values.map((value) => value.toFixed(3)).join(" | ")} |\n`);
const all = Object.entries(bySymbol).map(([symbol, [{ metrics }]]) => {
  const values = keys.map((key) => metrics[key] ?? Number.NaN);
  line(symbol, values);
  return values;
});
line(
  "mean",
  keys.map((_, k) => all.reduce((sum, values) => sum + values[k], 0) / all.length),
);
for (const { index, trainTo, testFrom, testTo } of folds) {
  const novelty = learnNovelty(pool.columns, trainTo);
  let novel = 0;
  for (let row = testFrom; row < testTo; row++) {
    if (noveltyOf(novelty, pool, row) > novelty.threshold) novel++;
  }
  process.stdout.write(
    `fold ${index}: ${((100 * novel) / (testTo - testFrom)).toFixed(2)} % of ${testTo - testFrom} test rows are novel\n`,
  );
}
