import { describe, expect, test } from "vitest";
import type { TrainingSet } from "../../../core/models/training-set.ts";
import { binColumns } from "../../../core/models/trees/binning.ts";
import { sumTrees } from "../../../core/models/trees/flat-trees.ts";
import { fitGradientBoosting } from "../../../core/models/trees/gradient-boosting.ts";
import { fitRandomForest } from "../../../core/models/trees/random-forest.ts";
import { createRandom } from "../../../core/random.ts";
import { pickRows, type Reference, readReference } from "./reference.ts";

const REGRESSION = ["diabetes", "friedman1", "friedman2", "friedman3"];
/** scikit-learn's bins, however few rows there are. */
const BINS = 255;
/** Fits per split, so that a forest's own luck stays far below the 1 % that is asked. */
const FOREST_REPEATS = 4;

type Predict = (columns: readonly Float64Array[], row: number) => number;

function meanSquaredError(predict: Predict, { columns, target, rows }: TrainingSet): number {
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += (predict(columns, row) - target[row]) ** 2;
  return sum / rows;
}

/** @returns our mean error over the seeds' splits, relative to scikit-learn's */
function compareErrors(
  reference: Reference,
  kind: "boosting" | "forest",
  error: (train: TrainingSet, test: TrainingSet, seed: number) => number,
): number {
  let ours = 0;
  let theirs = 0;
  for (const split of reference.splits) {
    const tested = new Set(split.test);
    ours += error(
      pickRows(reference, (row) => !tested.has(row)),
      pickRows(reference, (row) => tested.has(row)),
      split.seed,
    );
    theirs += split[kind];
  }
  return ours / theirs;
}

function forestError(reference: Reference, measure: (mse: number) => number) {
  return (train: TrainingSet, test: TrainingSet, seed: number): number => {
    let sum = 0;
    const bins = binColumns(train.columns, train.rows, BINS);
    for (let repeat = 0; repeat < FOREST_REPEATS; repeat++) {
      const trees = fitRandomForest(train, reference.settings.forest, createRandom(100 * seed + repeat), bins);
      sum += measure(meanSquaredError((columns, row) => sumTrees(trees, columns, row) / trees.roots.length, test));
    }
    return sum / FOREST_REPEATS;
  };
}

describe("hold-out error over five seeds is scikit-learn's, to 1e-6 for boosting and to 1 % for forests", () => {
  test.each(REGRESSION)("boosting on %s", (name) => {
    const reference = readReference(name);
    const ratio = compareErrors(reference, "boosting", (train, test, seed) => {
      const bins = binColumns(train.columns, train.rows, BINS);
      const { base, trees } = fitGradientBoosting(train, reference.settings.boosting, createRandom(seed), bins);
      return Math.sqrt(meanSquaredError((columns, row) => base + sumTrees(trees, columns, row), test));
    });
    expect(Math.abs(ratio - 1)).toBeLessThan(1e-6);
  });

  test.each(REGRESSION)("forest on %s", (name) => {
    const reference = readReference(name);
    const ratio = compareErrors(reference, "forest", forestError(reference, Math.sqrt));
    expect(Math.abs(ratio - 1)).toBeLessThan(0.01);
  });

  test("classifier forest on breast-cancer", () => {
    const reference = readReference("breast-cancer");
    const ratio = compareErrors(
      reference,
      "forest",
      forestError(reference, (brier) => brier),
    );
    expect(Math.abs(ratio - 1)).toBeLessThan(0.01);
  });
});
