import type { TrainingSet } from "../../core/models/training-set.ts";
import { fitGradientBoosting } from "../../core/models/trees/gradient-boosting.ts";
import { sumTreesOver } from "../../core/models/trees/predict-trees.ts";
import { fitRandomForest } from "../../core/models/trees/random-forest.ts";
import { createRandom } from "../../core/random.ts";
import { writeDoubles } from "../doubles.ts";
import { BENCH_BOOSTING, BENCH_FOREST, PREDICTED_ROWS, PREDICTIONS } from "../learner-settings.ts";
import { readRegressionData } from "../regression-data.ts";
import { serve } from "./serve.ts";

/** Candlecast's learners: `learners.ts FOLDER boosting|forest fit|predict ERRORS-FILE`, on the data in the folder. */
const [folder, learner, task, errorsFile] = process.argv.slice(2);
const { train, test, columns, target } = readRegressionData(folder);
const set: TrainingSet = { names: columns.map((_, f) => `x${f}`), columns, rows: train, target };
const learn = learner === "boosting" ? fitBoosting : fitForest;
let predict = learn();

if (task === "fit") {
  await serve({
    work: () => {
      predict = learn();
    },
    finish: writeErrors,
  });
} else {
  await serve({ work: () => predict(train, train + PREDICTED_ROWS), times: PREDICTIONS, finish: writeErrors });
}

function writeErrors(): void {
  writeDoubles(
    errorsFile,
    predict(train, train + test).map((value, i) => (value - target[train + i]) ** 2),
  );
}

function fitBoosting(): (from: number, to: number) => Float64Array {
  const { base, trees } = fitGradientBoosting(set, BENCH_BOOSTING, createRandom(1));
  return (from, to) => sumTreesOver(trees, columns, from, to).map((sum) => base + sum);
}

function fitForest(): (from: number, to: number) => Float64Array {
  const trees = fitRandomForest(set, BENCH_FOREST, createRandom(1));
  return (from, to) => sumTreesOver(trees, columns, from, to).map((sum) => sum / trees.roots.length);
}
