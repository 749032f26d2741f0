import { fitGradientBoosting } from "../core/models/gradient-boosting.ts";
import { sumTreesOver } from "../core/models/predict-trees.ts";
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

const { result: predict, timing } = measure(learner === "boosting" ? fitBoosting : fitForest);
const squares = predict(train, train + test).reduce((sum, value, i) => sum + (value - target[train + i]) ** 2, 0);
report({ task: "fit", who: "candlecast", ...timing, error: Math.sqrt(squares / test) });
const batch = measure(() => predict(train, train + PREDICTED_ROWS), { least: 50, leastMs: 500 });
report({ task: "predict", who: "candlecast", ...batch.timing });

function fitBoosting(): (from: number, to: number) => Float64Array {
  const { base, trees } = fitGradientBoosting(set, BENCH_BOOSTING, createRandom(1));
  return (from, to) => sumTreesOver(trees, columns, from, to).map((sum) => base + sum);
}

function fitForest(): (from: number, to: number) => Float64Array {
  const trees = fitRandomForest(set, BENCH_FOREST, createRandom(1));
  return (from, to) => sumTreesOver(trees, columns, from, to).map((sum) => sum / trees.roots.length);
}

function report(measurement: Measurement): void {
  process.stdout.write(`${JSON.stringify(measurement)}\n`);
}
