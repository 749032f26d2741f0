import { assess } from "../core/evaluation/assess.ts";
import type { Pool } from "../core/evaluation/pool.ts";
import { planFolds } from "../core/evaluation/walk-forward.ts";
import { createRandom } from "../core/random.ts";
import { ALGORITHMS, isClassifier } from "../core/vocabulary/model-names.ts";

/** CPU time of judging a group's models, without any fit: `node bench/assess.ts [coins] [candles]`. */
const coins = Number(process.argv[2] ?? 15);
const candles = Number(process.argv[3] ?? 2_500);
const RUNS = 5;

const random = createRandom(1);
const n = coins * candles;
const scale = Float64Array.from({ length: n }, () => 0.03 * (0.5 + random.next()));
const pool: Pool = {
  symbols: Array.from({ length: coins }, (_, coin) => `C${coin}`),
  interval: "1d",
  horizon: 1,
  featureSet: { name: "none", digest: "none" },
  names: [],
  columns: [],
  symbolIndex: Int32Array.from({ length: n }, (_, row) => row % coins),
  openTime: Float64Array.from({ length: n }, (_, row) => Date.UTC(2014, 0, 1) + Math.floor(row / coins) * 86_400_000),
  actual: scale.map((unit) => unit * random.normal()),
  scale,
};
const folds = planFolds(pool, { folds: 5, embargo: 1 });
const parts = new Map(
  ALGORITHMS.map((algorithm) => [
    algorithm,
    folds.map(({ testFrom, testTo }) => {
      const rows = Int32Array.from({ length: testTo - testFrom }, (_, i) => testFrom + i);
      const predict = (row: number) => (isClassifier(algorithm) ? 0.5 + 0.05 * random.normal() : 0.1 * scale[row] * random.normal());
      return { rows, prediction: Float64Array.from(rows, predict) };
    }),
  ]),
);
const times = Array.from({ length: RUNS }, () => {
  const before = process.cpuUsage();
  assess({ pool, folds, parts, scope: "pooled", seed: 1, coverage: 0.9 });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
});
const median = times.sort((a, b) => a - b)[RUNS >> 1];
process.stdout.write(
  `${process.version}, ${coins} coins × ${candles} candles: assess ${median.toFixed(0)} ms of CPU (median of ${RUNS})\n`,
);
