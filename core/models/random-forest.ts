import type { Random } from "../random.ts";
import { binColumns } from "./binning.ts";
import { type FlatTrees, TreeBuilder } from "./flat-trees.ts";
import { TreeGrower } from "./grow-tree.ts";
import { bootstrapCounts, sampleWithout } from "./sample.ts";
import type { ForestSettings } from "./settings.ts";
import type { TrainingSet } from "./training-set.ts";

/**
 * Random forest (Breiman 2001): trees on bootstrap samples, each cut chosen from a random part of the features. On a
 * target of 0 and 1 the squared error is half the Gini impurity, so the same trees estimate probabilities.
 *
 * @returns trees whose leaves' mean is the prediction
 */
export function fitRandomForest(set: TrainingSet, settings: ForestSettings, random: Random): FlatTrees {
  const { rows, target, columns } = set;
  const matrix = binColumns(columns, rows);
  const grower = new TreeGrower(matrix);
  const builder = new TreeBuilder();
  const featuresPerSplit = Math.max(1, Math.round(columns.length * settings.featureShare));
  const weighted = new Float64Array(rows);
  for (let tree = 0; tree < settings.trees; tree++) {
    const weight = bootstrapCounts(rows, random);
    const order = Int32Array.from({ length: rows }, (_, row) => row).filter((row) => weight[row] > 0);
    for (let row = 0; row < rows; row++) weighted[row] = weight[row] * target[row];
    grower.grow(builder, order, weighted, weight, {
      maxLeaves: 2 ** settings.maxDepth,
      maxDepth: settings.maxDepth,
      minLeafWeight: Math.min(settings.minLeafRows, rows / 4),
      l2: 0,
      shrinkage: 1,
      chooseFeatures: () => sampleWithout(columns.length, featuresPerSplit, random),
    });
  }
  return builder.finish();
}
