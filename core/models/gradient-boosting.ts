import type { Random } from "../random.ts";
import { binColumns } from "./binning.ts";
import { type FlatTrees, TreeBuilder } from "./flat-trees.ts";
import { type GrowOptions, TreeGrower } from "./grow-tree.ts";
import { sampleWithout } from "./sample.ts";
import type { BoostingSettings } from "./settings.ts";
import type { TrainingSet } from "./training-set.ts";

/**
 * Stochastic gradient boosting of regression trees on the squared error (Friedman 2002), leaf-wise on histograms.
 *
 * @returns `base`, the mean target, and trees whose leaves add up to the rest
 */
export function fitGradientBoosting(set: TrainingSet, settings: BoostingSettings, random: Random): { base: number; trees: FlatTrees } {
  const { rows, target, columns } = set;
  const matrix = binColumns(columns, rows);
  const grower = new TreeGrower(matrix);
  const builder = new TreeBuilder();
  const base = mean(target, rows);
  const residual = new Float64Array(rows);
  for (let row = 0; row < rows; row++) residual[row] = target[row] - base;
  const weight = new Float64Array(rows).fill(1);
  const rowsPerTree = Math.max(1, Math.round(rows * settings.rowShare));
  const featuresPerTree = Math.max(1, Math.round(columns.length * settings.featureShare));
  for (let tree = 0; tree < settings.trees; tree++) {
    const features = sampleWithout(columns.length, featuresPerTree, random);
    const options: GrowOptions = {
      maxLeaves: settings.leaves,
      maxDepth: settings.leaves,
      minLeafWeight: Math.min(settings.minLeafRows, rowsPerTree / 4),
      l2: settings.l2,
      shrinkage: settings.learningRate,
      chooseFeatures: () => features,
    };
    grower.grow(builder, sampleWithout(rows, rowsPerTree, random), residual, weight, options);
    builder.subtractNewest(matrix, residual);
  }
  return { base, trees: builder.finish() };
}

function mean(values: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i];
  return sum / n;
}
