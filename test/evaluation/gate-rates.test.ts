import { expect, test } from "vitest";
import { simulateCandles } from "../../core/candles/simulate-candles.ts";
import { type AssessInput, assess } from "../../core/evaluation/assess.ts";
import type { Pool } from "../../core/evaluation/pool.ts";
import { runFold } from "../../core/evaluation/run-fold.ts";
import { planFolds } from "../../core/evaluation/walk-forward.ts";
import { HET_LAW } from "../../sources/simulated.ts";
import { quietModels, randomWalks } from "./random-walks.ts";

const SEEDS = 200;
const DAY = 86_400_000;

/** Heterium's law with another seed, and two features that hold all that can be known. */
function heterium(days: number, seed: number): Pool {
  const candles = simulateCandles({ law: HET_LAW, seed, interval: "1d", genesis: 0, from: 0, to: days * DAY });
  const n = days - 2;
  const logPrice = candles.map(({ close }) => Math.log(close));
  return {
    ...randomWalks(1, n, seed),
    names: ["log_return_1", "log_price"],
    columns: [Float64Array.from({ length: n }, (_, i) => logPrice[i + 1] - logPrice[i]), Float64Array.from(logPrice.slice(1, -1))],
    scale: new Float64Array(n).fill(0.03),
    actual: Float64Array.from({ length: n }, (_, i) => logPrice[i + 2] - logPrice[i + 1]),
  };
}

function championTasks({ pool, ...input }: Pick<AssessInput, "pool" | "folds" | "parts">, seed: number): Set<string> {
  const { bySymbol } = assess({ pool, ...input, scope: "pooled", seed, coverage: 0.9 });
  return new Set(
    Object.values(bySymbol)
      .flat()
      .flatMap(({ role, task }) => (role === "champion" ? [task] : [])),
  );
}

test.each([1, 3])(
  "on random walks of %i coins, at most one in twenty of 200 runs promote anything",
  (coins) => {
    let promoted = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const pool = randomWalks(coins, 600, seed);
      if (championTasks({ pool, ...quietModels(pool, seed) }, seed).size > 0) promoted++;
    }
    expect(promoted).toBeLessThanOrEqual(0.05 * SEEDS);
  },
  180_000,
);

test("on Heterium's law a champion of each task is found in at least 95 % of 200 runs", () => {
  let found = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const pool = heterium(1_000, seed);
    const folds = planFolds(pool, { folds: 5, embargo: 1 });
    const learners = ["linear_regression", "logistic_regression"] as const;
    const parts = new Map(
      learners.map((algorithm) => [algorithm, folds.map((fold) => runFold(pool, fold, algorithm, { scope: "coin", seed }))] as const),
    );
    if (championTasks({ pool, folds, parts }, seed).size === 2) found++;
  }
  expect(found).toBeGreaterThanOrEqual(0.95 * SEEDS);
}, 180_000);
