import { type BinnedMatrix, MISSING_BIN } from "./binning.ts";

/**
 * Trees as flat columns, one value per node, all trees one after another. A node with `left` −1 is a leaf. A row goes to
 * node `left` if its value is ≤ `threshold` (or missing, and `missingLeft`), else to node `left` + 1.
 */
export interface FlatTrees {
  /** index of each tree's root */
  readonly roots: Int32Array;
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  readonly missingLeft: Uint8Array;
  /** prediction of a leaf */
  readonly value: Float64Array;
}

/** Sum of all trees' leaves for one row. */
export function sumTrees(trees: FlatTrees, columns: readonly Float64Array[], row: number): number {
  const { roots, feature, threshold, left, missingLeft, value } = trees;
  let sum = 0;
  for (let t = 0; t < roots.length; t++) {
    let node = roots[t];
    while (left[node] >= 0) {
      const x = columns[feature[node]][row];
      const goesLeft = x <= threshold[node] || (Number.isNaN(x) && missingLeft[node] === 1);
      node = goesLeft ? left[node] : left[node] + 1;
    }
    sum += value[node];
  }
  return sum;
}

/** Where a node is cut: by a value, and by the bin that it stands for. */
export interface BinnedCut {
  readonly feature: number;
  readonly threshold: number;
  readonly bin: number;
  readonly missingLeft: boolean;
}

/** Collects trees while they grow. */
export class TreeBuilder {
  readonly #roots: number[] = [];
  readonly #feature: number[] = [];
  readonly #threshold: number[] = [];
  readonly #left: number[] = [];
  readonly #missingLeft: number[] = [];
  readonly #value: number[] = [];
  readonly #bin: number[] = [];

  /** @returns the root, a leaf whose value is 0 until it is set */
  startTree(): number {
    const root = this.#addLeaf();
    this.#roots.push(root);
    return root;
  }

  /** Turns a leaf into a node with two leaves. @returns the left one; the right one is next to it */
  split(node: number, cut: BinnedCut): number {
    const left = this.#addLeaf();
    this.#addLeaf();
    this.#feature[node] = cut.feature;
    this.#threshold[node] = cut.threshold;
    this.#bin[node] = cut.bin;
    this.#missingLeft[node] = cut.missingLeft ? 1 : 0;
    this.#left[node] = left;
    return left;
  }

  finish(): FlatTrees {
    return {
      roots: Int32Array.from(this.#roots),
      feature: Int32Array.from(this.#feature),
      threshold: Float64Array.from(this.#threshold),
      left: Int32Array.from(this.#left),
      missingLeft: Uint8Array.from(this.#missingLeft),
      value: Float64Array.from(this.#value),
    };
  }

  /** @returns a node's left child, −1 for a leaf */
  leftOf(node: number): number {
    return this.#left[node];
  }

  setValue(node: number, value: number): void {
    this.#value[node] = value;
  }

  valueOf(node: number): number {
    return this.#value[node];
  }

  /** Subtracts the newest tree's prediction of some rows of the matrix that it was grown on. */
  subtractNewest({ bins }: BinnedMatrix, residual: Float64Array, rows: Int32Array): void {
    const root = this.#roots[this.#roots.length - 1];
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i];
      let node = root;
      while (this.#left[node] >= 0) {
        const bin = bins[this.#feature[node]][row];
        const goesLeft = bin === MISSING_BIN ? this.#missingLeft[node] === 1 : bin <= this.#bin[node];
        node = goesLeft ? this.#left[node] : this.#left[node] + 1;
      }
      residual[row] -= this.#value[node];
    }
  }

  #addLeaf(): number {
    this.#feature.push(0);
    this.#bin.push(0);
    this.#threshold.push(0);
    this.#missingLeft.push(0);
    this.#left.push(-1);
    return this.#value.push(0) - 1;
  }
}
