import { sumTrees } from "../core/models/flat-trees.ts";
import { fitGradientBoosting } from "../core/models/gradient-boosting.ts";
import { fitRandomForest } from "../core/models/random-forest.ts";
import type { TrainingSet } from "../core/models/training-set.ts";
import { createRandom } from "../core/random.ts";
import { BENCH_BOOSTING, BENCH_FOREST } from "./learner-settings.ts";
import { measure, type Timing } from "./measure.ts";
import { readRegressionData } from "./regression-data.ts";

/**
 * One line of JSON per measurement of candlecast's learners: `node bench/learners.ts FOLDER boosting|forest`, on the data
 * that {@link readRegressionData} finds in the folder.
 */
interface Measurement extends Timing {
  readonly task: string;
  readonly who: string;
  /** RMSE on the rows that were held out */
  readonly error?: number;
}

const PREDICTED_ROWS = 1_000;

const [folder, learner] = process.argv.slice(2);
const { train, test, columns, target } = readRegressionData(folder);
const set: TrainingSet = { names: columns.map((_, f) => `x${f}`), columns, rows: train, target };

const fit = learner === "boosting" ? fitBoosting : fitForest;
const { result: predict, timing } = measure(fit);
let squares = 0;
for (let row = train; row < train + test; row++) squares += (predict(row) - target[row]) ** 2;
report({ task: "fit", who: "candlecast", ...timing, error: Math.sqrt(squares / test) });
const batch = measure(() => Float64Array.from({ length: PREDICTED_ROWS }, (_, i) => predict(train + i)), { least: 50, leastMs: 500 });
report({ task: "predict", who: "candlecast", ...batch.timing });

function fitBoosting(): (row: number) => number {
  const { base, trees } = fitGradientBoosting(set, BENCH_BOOSTING, createRandom(1));
  return (row) => base + sumTrees(trees, columns, row);
}

function fitForest(): (row: number) => number {
  const trees = fitRandomForest(set, BENCH_FOREST, createRandom(1));
  return (row) => sumTrees(trees, columns, row) / trees.roots.length;
}

function report(measurement: Measurement): void {
  process.stdout.write(`${JSON.stringify(measurement)}\n`);
}
