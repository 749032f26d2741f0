import type { TreeBuilder } from "./flat-trees.ts";
import type { TreeRows } from "./packed-sums.ts";

/** A leaf of the newest tree, and its rows: `order[from … to − 1]`. */
export interface Leaf {
  readonly node: number;
  readonly from: number;
  readonly to: number;
}

export interface LeafOptions {
  readonly l2: number;
  /** What a leaf's value is multiplied with. */
  readonly shrinkage: number;
}

/** Gives every node of a tree its value: the shrunk mean of its rows, from the targets themselves. @param leaves all of the tree's */
export function setNodeValues(
  builder: TreeBuilder,
  root: number,
  leaves: readonly Leaf[],
  { order, target, weight }: TreeRows,
  { l2, shrinkage }: LeafOptions,
): void {
  const sums = new Float64Array(2 * leaves.length - 1);
  const weights = new Float64Array(2 * leaves.length - 1);
  for (const { node, from, to } of leaves) {
    let sum = 0;
    let total = 0;
    for (let i = from; i < to; i++) {
      const row = order[i];
      sum += weight[row] * target[row];
      total += weight[row];
    }
    sums[node - root] = sum;
    weights[node - root] = total;
  }
  // Children come after their parents, so that going backwards finds their sums complete.
  for (let i = sums.length - 1; i >= 0; i--) {
    const left = builder.leftOf(root + i) - root;
    if (left > 0) {
      sums[i] = sums[left] + sums[left + 1];
      weights[i] = weights[left] + weights[left + 1];
    }
    builder.setValue(root + i, (shrinkage * sums[i]) / (weights[i] + l2));
  }
}
