import type { Random } from "../../random.ts";
import type { ForestParameters } from "../hyperparameters.ts";
import type { TrainingSet } from "../training-set.ts";
import { type BinnedMatrix, binColumns } from "./binning.ts";
import { type FlatTrees, TreeBuilder } from "./flat-trees.ts";
import { TreeGrower } from "./grow-tree.ts";
import { bootstrapCounts } from "./sample.ts";

/**
 * Random forest (Breiman 2001): trees on bootstrap samples, each cut chosen from a random part of the features. On a
 * target of 0 and 1 the squared error is half the Gini impurity, so the same trees estimate probabilities.
 *
 * @param matrix the bins of the set's columns, of at least its rows
 * @returns trees whose leaves' mean is the prediction
 */
export function fitRandomForest(
  set: TrainingSet,
  settings: ForestParameters,
  random: Random,
  matrix: BinnedMatrix = binColumns(set.columns, set.rows),
): FlatTrees {
  const { rows, target, columns } = set;
  const grower = new TreeGrower(matrix);
  const builder = new TreeBuilder();
  const featuresPerSplit = Math.max(1, Math.round(columns.length * settings.featureShare));
  const deck = Int32Array.from(columns, (_, f) => f);
  const weight = new Float64Array(rows);
  const drawn = new Int32Array(rows);
  for (let tree = 0; tree < settings.trees; tree++) {
    bootstrapCounts(rows, random, weight);
    if (set.weight) for (let row = 0; row < rows; row++) weight[row] *= set.weight[row];
    grower.grow(
      builder,
      { order: rowsOf(weight, drawn), target, weight },
      {
        maxLeaves: 2 ** settings.maxDepth,
        maxDepth: settings.maxDepth,
        minLeafWeight: Math.min(settings.minLeafRows, rows / 4),
        l2: 0,
        midway: true,
        shrinkage: 1,
        chooseFeatures: () => draw(deck, featuresPerSplit, random),
      },
    );
  }
  return builder.finish();
}

/** The rows that were drawn at least once. @param order room for all rows */
function rowsOf(weight: Float64Array, order: Int32Array): Int32Array {
  let count = 0;
  for (let row = 0; row < weight.length; row++) if (weight[row] > 0) order[count++] = row;
  return order.subarray(0, count);
}

/** Draws from a deck in random order: of cuts that gain the same the first is taken, and no feature is to be favoured. */
function draw(deck: Int32Array, count: number, random: Random): Int32Array {
  for (let i = 0; i < count; i++) {
    const other = i + random.int(deck.length - i);
    const taken = deck[other];
    deck[other] = deck[i];
    deck[i] = taken;
  }
  return deck.slice(0, count);
}
