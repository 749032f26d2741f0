import { drawReport } from "../api/charts/draw-report.ts";
import { assess } from "../core/evaluation/assess.ts";
import type { Pool } from "../core/evaluation/pool.ts";
import { fitFinalModel, fitFold } from "../core/evaluation/run-fold.ts";
import { planFolds } from "../core/evaluation/walk-forward.ts";
import { candleFeatureSet } from "../core/features/feature-set.ts";
import { createRandom } from "../core/random.ts";
import { buildReport, indexRows } from "../core/reports/build-report.ts";
import { EXPLAINED_ROWS, explain } from "../core/reports/explain.ts";
import { permutationImportance } from "../core/reports/permutation-importance.ts";
import { ALGORITHMS, isClassifier, REGRESSORS } from "../core/vocabulary/model-names.ts";

/** What reports cost on a pool of the usual size, on one thread: `node bench/report.ts`. */
const COINS = 13;
const DAYS = 2_000;
const REPEATS = 5;
const OPTIONS = { scope: "pooled", seed: 1 } as const;

/** CPU of all threads of this process: the wall would tell of the machine's other work. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

const timings: [string, number][] = [];
function timed<T>(what: string, work: () => T): T {
  const start = cpuMs();
  const result = work();
  timings.push([what, cpuMs() - start]);
  return result;
}

function makePool(): Pool {
  const random = createRandom(1);
  const n = COINS * DAYS;
  const names = candleFeatureSet.features.map(({ name }) => name);
  const columns = names.map(() => Float64Array.from({ length: n }, () => random.normal()));
  const scale = new Float64Array(n).fill(0.04);
  return {
    symbols: Array.from({ length: COINS }, (_, coin) => `C${coin}`),
    interval: "1d",
    horizon: 1,
    featureSet: candleFeatureSet,
    names,
    columns,
    symbolIndex: Int32Array.from({ length: n }, (_, row) => row % COINS),
    openTime: Float64Array.from({ length: n }, (_, row) => Date.UTC(2015, 0, 1) + Math.floor(row / COINS) * 86_400_000),
    scale,
    actual: Float64Array.from({ length: n }, (_, row) => scale[row] * (0.2 * columns[0][row] + random.normal())),
  };
}

const pool = makePool();
const folds = planFolds(pool, { folds: 5, embargo: 1 });
const fold = folds[folds.length - 1];
const noise = createRandom(2);
/** What is predicted makes no difference to the time, so it is made up. */
const parts = new Map(
  ALGORITHMS.map((algorithm) => [
    algorithm,
    folds.map(({ testFrom, testTo }) => {
      const rows = Int32Array.from({ length: testTo - testFrom }, (_, i) => testFrom + i);
      const regress = (row: number) => 0.05 * pool.actual[row] + 0.1 * pool.scale[row] * noise.normal();
      const classify = (row: number) => 0.5 + 0.02 * Math.sign(pool.actual[row]) + 0.05 * noise.normal();
      return { rows, prediction: Float64Array.from(rows, isClassifier(algorithm) ? classify : regress) };
    }),
  ]),
);
const { predictions, bySymbol } = timed("assessment of the group, without reports", () =>
  assess({ pool, folds, parts, scope: "pooled", seed: 1, coverage: 0.9 }),
);
const measure = (model: "random_forest" | "ensemble") => {
  const members = (model === "ensemble" ? REGRESSORS : [model]).map((algorithm) => fitFold(pool, fold, algorithm, OPTIONS));
  return permutationImportance({ pool, fold, model, members, symbols: pool.symbols, repeats: REPEATS, seed: 1 });
};
const importance = timed(`importance of ${pool.names.length} features, random_forest, all ${COINS} coins`, () => measure("random_forest"));
timed("the same for the ensemble", () => measure("ensemble"));
const members = [fitFinalModel(pool, "random_forest", OPTIONS)];
const rows = { names: pool.names, columns: pool.columns.map((column) => column.slice(-EXPLAINED_ROWS)) };
const explanation = timed("explanation of one coin's newest prediction", () =>
  explain({ model: "random_forest", task: "regression", members, rows, interval: "1d" }),
);
const table = predictions.part(0, predictions.length);
const index = indexRows(table);
const build = () =>
  buildReport(table, index, {
    symbol: "C0",
    scope: "pooled",
    interval: "1d",
    horizon: 1,
    coverage: 0.9,
    models: bySymbol.C0,
    importance: importance.C0,
    explanation,
  });
const report = timed("data of one coin's report", build);
for (const what of ["pictures of the first report", "pictures of a second one"]) {
  const again = structuredClone(report);
  const start = cpuMs();
  const charts = await drawReport(again);
  timings.push([`${what} (${Math.round(Object.values(charts).join("").length / 1_000)} kB of SVG)`, cpuMs() - start]);
}
process.stdout.write(
  `${COINS} coins × ${DAYS} days × ${pool.names.length} features; a report is ${Math.round(JSON.stringify(report).length / 1_000)} kB\n\n`,
);
process.stdout.write("| what | CPU ms |\n|---|---|\n");
for (const [what, ms] of timings) process.stdout.write(`| ${what} | ${ms.toFixed(0)} |\n`);
