import type { Random } from "../../random.ts";
import type { BoostingParameters } from "../hyperparameters.ts";
import { type TrainingSet, weightedMean, weightsOf } from "../training-set.ts";
import { type BinnedMatrix, binColumns } from "./binning.ts";
import { type FlatTrees, TreeBuilder } from "./flat-trees.ts";
import { type GrowOptions, TreeGrower } from "./grow-tree.ts";
import { sampleWithout } from "./sample.ts";

type Settings = BoostingParameters & { readonly maxDepth?: number };
type Tail = NonNullable<BoostingParameters["tail"]>;

/** Share of the rows between learning and the tail: the newest targets overlap the first rows of the tail. */
const GAP_SHARE = 0.01;

/**
 * Stochastic gradient boosting of regression trees on the squared error (Friedman 2002), leaf-wise on histograms.
 *
 * @param settings `maxDepth`: as deep as the leaves reach where it is not given
 * @param matrix the bins of the set's columns
 * @returns `base`, the mean target, and trees whose leaves add up to the rest
 */
export function fitGradientBoosting(
  set: TrainingSet,
  settings: Settings,
  random: Random,
  matrix: BinnedMatrix = binColumns(set.columns, set.rows),
): { base: number; trees: FlatTrees } {
  const { tail } = settings;
  const trees = tail ? countTrees(set, settings, tail, random.fork("early stopping"), matrix) : settings.trees;
  return boost(set, { ...settings, trees }, random, matrix, () => true);
}

/** How many trees have the least error on the newest rows, learned from the rows before. */
function countTrees(set: TrainingSet, settings: Settings, tail: Tail, random: Random, matrix: BinnedMatrix): number {
  const { rows, target } = set;
  const tailFrom = Math.round(rows * (1 - tail.share));
  const learned = { ...set, rows: Math.max(1, tailFrom - Math.ceil(rows * GAP_SHARE)) };
  const base = weightedMean(target, weightsOf(learned));
  const residual = target.map((value) => value - base);
  const tailRows = Int32Array.from({ length: rows - tailFrom }, (_, i) => tailFrom + i);
  let count = 0;
  let best = 1;
  let least = Number.POSITIVE_INFINITY;
  boost(learned, settings, random, matrix, (builder) => {
    count++;
    builder.subtractNewest(matrix, residual, tailRows);
    let error = 0;
    for (let row = tailFrom; row < rows; row++) error += residual[row] ** 2;
    if (error < least) {
      least = error;
      best = count;
    }
    return count - best < tail.patience;
  });
  return best;
}

/** @param goOn whether to grow another tree, asked after each */
function boost(
  set: TrainingSet,
  settings: Settings,
  random: Random,
  matrix: BinnedMatrix,
  goOn: (builder: TreeBuilder) => boolean,
): { base: number; trees: FlatTrees } {
  const { rows, target, columns } = set;
  const grower = new TreeGrower(matrix);
  const builder = new TreeBuilder();
  const weight = weightsOf(set);
  const base = weightedMean(target, weight);
  const residual = new Float64Array(rows);
  for (let row = 0; row < rows; row++) residual[row] = target[row] - base;
  const rowsPerTree = Math.max(1, Math.round(rows * settings.rowShare));
  const featuresPerTree = Math.max(1, Math.round(columns.length * settings.featureShare));
  const order = new Int32Array(rowsPerTree);
  const others = new Int32Array(rows - rowsPerTree);
  for (let tree = 0; tree < settings.trees; tree++) {
    const features = sample(columns.length, random, new Int32Array(featuresPerTree));
    const options: GrowOptions = {
      maxLeaves: settings.leaves,
      maxDepth: settings.maxDepth ?? settings.leaves,
      minLeafWeight: Math.min(settings.minLeafRows, rowsPerTree / 4),
      l2: settings.l2,
      shrinkage: settings.learningRate,
      chooseFeatures: () => features,
    };
    sample(rows, random, order);
    restOf(order, others);
    for (const { node, from, to } of grower.grow(builder, { order, target: residual, weight }, options)) {
      const value = builder.valueOf(node);
      for (let i = from; i < to; i++) residual[order[i]] -= value;
    }
    builder.subtractNewest(matrix, residual, others);
    if (!goOn(builder)) break;
  }
  return { base, trees: builder.finish() };
}

/** Fills `chosen` with as many of the numbers below n as it holds, ascending. */
function sample(n: number, random: Random, chosen: Int32Array): Int32Array {
  if (chosen.length < n) return sampleWithout(n, chosen.length, random, chosen);
  for (let i = 0; i < n; i++) chosen[i] = i;
  return chosen;
}

/** Fills `rest` with the smallest numbers that are not in `ascending`. */
function restOf(ascending: Int32Array, rest: Int32Array): void {
  let at = 0;
  let next = 0;
  for (let i = 0; at < rest.length; i++) {
    if (ascending[next] === i) next++;
    else rest[at++] = i;
  }
}
