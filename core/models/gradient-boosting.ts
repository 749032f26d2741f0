import type { Random } from "../random.ts";
import { binsOf } from "./binning.ts";
import { type FlatTrees, TreeBuilder } from "./flat-trees.ts";
import { type GrowOptions, TreeGrower } from "./grow-tree.ts";
import { sampleWithout } from "./sample.ts";
import type { BoostingSettings } from "./settings.ts";
import type { TrainingSet } from "./training-set.ts";

/**
 * Stochastic gradient boosting of regression trees on the squared error (Friedman 2002), leaf-wise on histograms.
 *
 * @param settings `maxDepth`: as deep as the leaves reach where it is not given
 * @returns `base`, the mean target, and trees whose leaves add up to the rest
 */
export function fitGradientBoosting(
  set: TrainingSet,
  settings: BoostingSettings & { readonly maxDepth?: number },
  random: Random,
): { base: number; trees: FlatTrees } {
  const { rows, target, columns } = set;
  const matrix = binsOf(set);
  const grower = new TreeGrower(matrix);
  const builder = new TreeBuilder();
  const base = mean(target, rows);
  const residual = new Float64Array(rows);
  for (let row = 0; row < rows; row++) residual[row] = target[row] - base;
  const weight = new Float64Array(rows).fill(1);
  const rowsPerTree = Math.max(1, Math.round(rows * settings.rowShare));
  const featuresPerTree = Math.max(1, Math.round(columns.length * settings.featureShare));
  for (let tree = 0; tree < settings.trees; tree++) {
    const features = sample(columns.length, featuresPerTree, random);
    const options: GrowOptions = {
      maxLeaves: settings.leaves,
      maxDepth: settings.maxDepth ?? settings.leaves,
      minLeafWeight: Math.min(settings.minLeafRows, rowsPerTree / 4),
      l2: settings.l2,
      shrinkage: settings.learningRate,
      chooseFeatures: () => features,
    };
    const order = sample(rows, rowsPerTree, random);
    const others = rowsPerTree === rows ? null : restOf(order, rows);
    for (const { node, from, to } of grower.grow(builder, order, residual, weight, options)) {
      const value = builder.valueOf(node);
      for (let i = from; i < to; i++) residual[order[i]] -= value;
    }
    if (others) builder.subtractNewest(matrix, residual, others);
  }
  return { base, trees: builder.finish() };
}

function sample(n: number, count: number, random: Random): Int32Array {
  if (count < n) return sampleWithout(n, count, random);
  const all = new Int32Array(n);
  for (let i = 0; i < n; i++) all[i] = i;
  return all;
}

/** The numbers below n that are not in `ascending`. */
function restOf(ascending: Int32Array, n: number): Int32Array {
  const rest = new Int32Array(n - ascending.length);
  let at = 0;
  let next = 0;
  for (let i = 0; i < n; i++) {
    if (ascending[next] === i) next++;
    else rest[at++] = i;
  }
  return rest;
}

function mean(values: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i];
  return sum / n;
}
