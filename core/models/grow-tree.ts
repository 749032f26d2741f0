import { type BinnedMatrix, MISSING_BIN } from "./binning.ts";
import type { TreeBuilder } from "./flat-trees.ts";
import { fillHistogram, STRIDE, subtractHistogram } from "./histogram.ts";
import { findSplit, type Split, type SplitLimits } from "./split.ts";

export interface GrowOptions extends SplitLimits {
  readonly maxLeaves: number;
  readonly maxDepth: number;
  /** What a leaf's value is multiplied with. */
  readonly shrinkage: number;
  /** The features that a node may be cut by. The same array for all nodes lets histograms be shared. */
  readonly chooseFeatures: () => Int32Array;
}

interface Candidate {
  readonly node: number;
  readonly from: number;
  readonly to: number;
  readonly depth: number;
  readonly sum: number;
  readonly weight: number;
  readonly features: Int32Array;
  readonly histogram: Float64Array;
  readonly split: Split | null;
}

/** Grows regression trees on binned features, best cut first. Its buffers are reused from tree to tree. */
export class TreeGrower {
  readonly #matrix: BinnedMatrix;
  readonly #spare: Float64Array[] = [];
  readonly #right: Int32Array;
  readonly #bins: (feature: number) => number;

  constructor(matrix: BinnedMatrix) {
    this.#matrix = matrix;
    this.#right = new Int32Array(matrix.rows);
    this.#bins = (feature) => matrix.thresholds[feature].length + 1;
  }

  /**
   * @param order the rows to learn from; their order is changed so that a leaf's rows lie side by side
   * @param weightedTarget per row: weight × target
   */
  grow(builder: TreeBuilder, order: Int32Array, weightedTarget: Float64Array, weight: Float64Array, options: GrowOptions): void {
    const { maxLeaves, maxDepth, l2, shrinkage, chooseFeatures } = options;
    const leafValue = (sum: number, total: number) => (shrinkage * sum) / (total + l2);
    const total = sumOver(order, 0, order.length, weightedTarget);
    const totalWeight = sumOver(order, 0, order.length, weight);
    const features = chooseFeatures();
    const histogram = this.#take(features.length);
    fillHistogram(histogram, this.#matrix, features, order, 0, order.length, weightedTarget, weight);
    const root: Candidate = {
      node: builder.startTree(leafValue(total, totalWeight)),
      from: 0,
      to: order.length,
      depth: 0,
      sum: total,
      weight: totalWeight,
      features,
      histogram,
      split: findSplit(histogram, features, this.#bins, total, totalWeight, options),
    };
    const leaves: Candidate[] = [root];
    while (leaves.length < maxLeaves) {
      const best = indexOfBest(leaves);
      if (best < 0) break;
      const { node, from, to, depth, sum, weight: nodeWeight, features, histogram, split } = leaves[best] as Candidate & { split: Split };
      const middle = this.#partition(order, from, to, split);
      const leftSum = sumOver(order, from, middle, weightedTarget);
      const leftWeight = sumOver(order, from, middle, weight);
      const rightSum = sum - leftSum;
      const rightWeight = nodeWeight - leftWeight;
      const cut = { ...split, threshold: this.#threshold(split) };
      const left = builder.split(node, cut, leafValue(leftSum, leftWeight), leafValue(rightSum, rightWeight));
      const mayGoOn = depth + 1 < maxDepth && leaves.length + 1 < maxLeaves;
      const child = (
        node: number,
        from: number,
        to: number,
        sum: number,
        childWeight: number,
        features: Int32Array,
        histogram: Float64Array,
      ) => ({
        node,
        from,
        to,
        depth: depth + 1,
        sum,
        weight: childWeight,
        features,
        histogram,
        split: mayGoOn ? findSplit(histogram, features, this.#bins, sum, childWeight, options) : null,
      });
      const leftFeatures = mayGoOn ? chooseFeatures() : features;
      const rightFeatures = mayGoOn ? chooseFeatures() : features;
      const other = this.#take(Math.max(leftFeatures.length, rightFeatures.length));
      let leftHistogram = histogram;
      let rightHistogram = other;
      if (mayGoOn && leftFeatures === features && rightFeatures === features) {
        const leftIsSmall = middle - from < to - middle;
        if (leftIsSmall) {
          leftHistogram = other;
          rightHistogram = histogram;
        }
        fillHistogram(other, this.#matrix, features, order, leftIsSmall ? from : middle, leftIsSmall ? middle : to, weightedTarget, weight);
        subtractHistogram(histogram, other, features.length);
      } else if (mayGoOn) {
        fillHistogram(leftHistogram, this.#matrix, leftFeatures, order, from, middle, weightedTarget, weight);
        fillHistogram(rightHistogram, this.#matrix, rightFeatures, order, middle, to, weightedTarget, weight);
      }
      leaves[best] = child(left, from, middle, leftSum, leftWeight, leftFeatures, leftHistogram);
      leaves.push(child(left + 1, middle, to, rightSum, rightWeight, rightFeatures, rightHistogram));
    }
    for (const { histogram } of leaves) this.#spare.push(histogram);
  }

  #take(features: number): Float64Array {
    const size = features * STRIDE;
    const spare = this.#spare.pop();
    return spare && spare.length >= size ? spare : new Float64Array(size);
  }

  /** Rows that go left first, each side in its former order. @returns where the right side begins */
  #partition(order: Int32Array, from: number, to: number, { feature, bin, missingLeft }: Split): number {
    const column = this.#matrix.bins[feature];
    const right = this.#right;
    let middle = from;
    let rights = 0;
    for (let i = from; i < to; i++) {
      const row = order[i];
      const b = column[row];
      const goesLeft = b === MISSING_BIN ? missingLeft : b <= bin;
      if (goesLeft) order[middle++] = row;
      else right[rights++] = row;
    }
    for (let i = 0; i < rights; i++) order[middle + i] = right[i];
    return middle;
  }

  /** A cut after the last bin parts known values from missing ones. */
  #threshold({ feature, bin }: Split): number {
    const thresholds = this.#matrix.thresholds[feature];
    return bin < thresholds.length ? thresholds[bin] : Number.MAX_VALUE;
  }
}

function indexOfBest(leaves: readonly Candidate[]): number {
  let best = -1;
  for (let i = 0; i < leaves.length; i++) {
    const { split } = leaves[i];
    if (split && (best < 0 || split.gain > (leaves[best].split?.gain ?? 0))) best = i;
  }
  return best;
}

function sumOver(order: Int32Array, from: number, to: number, values: Float64Array): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[order[i]];
  return sum;
}
