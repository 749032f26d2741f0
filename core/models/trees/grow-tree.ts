import { type BinnedMatrix, MISSING_BIN } from "./binning.ts";
import type { TreeBuilder } from "./flat-trees.ts";
import { fillHistogram, STRIDE, subtractHistogram } from "./histogram.ts";
import { packRows } from "./packed-sums.ts";
import { SMALL_NODE_ROWS, SmallNode } from "./small-node.ts";
import { type Split, type SplitLimits, SplitSearch } from "./split.ts";

export interface GrowOptions extends SplitLimits {
  readonly maxLeaves: number;
  readonly maxDepth: number;
  /** What a leaf's value is multiplied with. */
  readonly shrinkage: number;
  /** The features that a node may be cut by. The same array for all nodes lets histograms be shared. */
  readonly chooseFeatures: () => Int32Array;
}

/** A leaf of the newest tree, and its rows: `order[from … to − 1]`. */
export interface Leaf {
  readonly node: number;
  readonly from: number;
  readonly to: number;
}

/** A leaf that may be cut. */
interface Candidate extends Leaf {
  readonly depth: number;
  readonly features: Int32Array;
  /** null where the node was too small to need one */
  readonly histogram: Float64Array | null;
  /** packed sum over its rows */
  readonly total: number;
  readonly split: Split;
}

const ALL_BINS = Uint8Array.from({ length: MISSING_BIN }, (_, bin) => bin);

/** Grows regression trees on binned features, best cut first. Its buffers are reused from tree to tree. */
export class TreeGrower {
  readonly #matrix: BinnedMatrix;
  readonly #bins: Int32Array;
  readonly #packed: Float64Array;
  readonly #gathered: Float64Array;
  readonly #right: Int32Array;
  readonly #small: SmallNode;
  readonly #spare: Float64Array[] = [];

  constructor(matrix: BinnedMatrix) {
    this.#matrix = matrix;
    this.#bins = Int32Array.from(matrix.thresholds, ({ length }) => length + 1);
    this.#packed = new Float64Array(matrix.rows);
    this.#gathered = new Float64Array(matrix.rows);
    this.#right = new Int32Array(matrix.rows);
    this.#small = new SmallNode(matrix);
  }

  /**
   * @param order the rows to learn from; their order is changed so that a leaf's rows lie side by side
   * @param target per row
   * @param weight per row, above 0 for the rows to learn from
   * @returns the tree's leaves
   */
  grow(builder: TreeBuilder, order: Int32Array, target: Float64Array, weight: Float64Array, options: GrowOptions): Leaf[] {
    const { maxLeaves, maxDepth, chooseFeatures } = options;
    const search = new SplitSearch(packRows(this.#packed, order, target, weight, options.l2 === 0), options);
    const inAnyOrder = maxLeaves >= 2 ** maxDepth;
    const leaves: Leaf[] = [];
    const open: Candidate[] = [];
    const place = (leaf: Omit<Candidate, "split">, split: Split | null) => {
      if (split) open.push({ ...leaf, split });
      else {
        leaves.push(leaf);
        this.#giveBack(leaf.histogram);
      }
    };

    const root = { node: builder.startTree(), from: 0, to: order.length, depth: 0, total: this.#sum(order, 0, order.length) };
    if (maxLeaves > 1 && maxDepth > 0 && search.mayCut(root.total)) {
      const features = chooseFeatures();
      const histogram = this.#fill(features, order, 0, order.length);
      place({ ...root, features, histogram }, this.#search(search, features, histogram, root.total));
    } else leaves.push(root);

    while (open.length > 0 && leaves.length + open.length < maxLeaves) {
      const { node, from, to, depth, features, histogram, total, split } = inAnyOrder ? (open.pop() as Candidate) : takeBest(open);
      const middle = this.#partition(order, from, to, split);
      const leftNode = builder.split(node, { ...split, threshold: this.#threshold(split) });
      const left = { node: leftNode, from, to: middle, depth: depth + 1, total: split.left };
      const right = { node: leftNode + 1, from: middle, to, depth: depth + 1, total: total - split.left };
      const goesOn = depth + 1 < maxDepth && leaves.length + open.length + 2 < maxLeaves;
      const leftMay = goesOn && search.mayCut(left.total);
      const rightMay = goesOn && search.mayCut(right.total);
      const leftFeatures = leftMay ? chooseFeatures() : features;
      const rightFeatures = rightMay ? chooseFeatures() : features;
      if ((leftMay || rightMay) && histogram && leftFeatures === features && rightFeatures === features) {
        const leftIsSmall = middle - from < to - middle;
        const small = leftIsSmall ? this.#fill(features, order, from, middle) : this.#fill(features, order, middle, to);
        subtractHistogram(histogram, small, features.length);
        const leftHistogram = leftIsSmall ? small : histogram;
        const rightHistogram = leftIsSmall ? histogram : small;
        place({ ...left, features, histogram: leftHistogram }, leftMay ? this.#search(search, features, leftHistogram, left.total) : null);
        place(
          { ...right, features, histogram: rightHistogram },
          rightMay ? this.#search(search, features, rightHistogram, right.total) : null,
        );
        continue;
      }
      this.#giveBack(histogram);
      if (leftMay) this.#placeAlone(place, search, left, leftFeatures, order);
      else leaves.push(left);
      if (rightMay) this.#placeAlone(place, search, right, rightFeatures, order);
      else leaves.push(right);
    }
    for (const leaf of open) {
      leaves.push(leaf);
      this.#giveBack(leaf.histogram);
    }
    setValues(builder, root.node, leaves, order, target, weight, options);
    return leaves;
  }

  /** Searches a node that shares its features with no other. */
  #placeAlone(
    place: (leaf: Omit<Candidate, "split">, split: Split | null) => void,
    search: SplitSearch,
    leaf: Leaf & { readonly depth: number; readonly total: number },
    features: Int32Array,
    order: Int32Array,
  ): void {
    const { from, to, total } = leaf;
    if (to - from <= SMALL_NODE_ROWS) {
      search.begin(total);
      this.#small.tryFeatures(search, features, order, from, to, this.#packed);
      place({ ...leaf, features, histogram: null }, search.result());
    } else {
      const histogram = this.#fill(features, order, from, to);
      place({ ...leaf, features, histogram }, this.#search(search, features, histogram, total));
    }
  }

  #search(search: SplitSearch, features: Int32Array, histogram: Float64Array, total: number): Split | null {
    search.begin(total);
    for (let s = 0; s < features.length; s++) {
      const feature = features[s];
      search.tryFeature(feature, histogram, s * STRIDE, ALL_BINS, this.#bins[feature], histogram[s * STRIDE + MISSING_BIN]);
    }
    return search.result();
  }

  #fill(features: Int32Array, order: Int32Array, from: number, to: number): Float64Array {
    const size = features.length * STRIDE;
    const spare = this.#spare.pop();
    const histogram = spare && spare.length >= size ? spare : new Float64Array(size);
    fillHistogram(histogram, this.#matrix, features, order, from, to, this.#packed, this.#gathered);
    return histogram;
  }

  #giveBack(histogram: Float64Array | null): void {
    if (histogram) this.#spare.push(histogram);
  }

  #sum(order: Int32Array, from: number, to: number): number {
    let sum = 0;
    for (let i = from; i < to; i++) sum += this.#packed[order[i]];
    return sum;
  }

  /** Rows that go left first, each side in its former order. @returns where the right side begins */
  #partition(order: Int32Array, from: number, to: number, { feature, bin, missingLeft }: Split): number {
    const column = this.#matrix.bins[feature];
    const right = this.#right;
    // With missing values on the left, bins are counted from the missing one on: 255 becomes 0.
    const shift = missingLeft ? 1 : 0;
    const last = bin + shift;
    let middle = from;
    let rights = 0;
    for (let i = from; i < to; i++) {
      const row = order[i];
      // 1 if the row goes right; without a branch, which would be guessed wrong half of the time
      const goesRight = (last - ((column[row] + shift) & 255)) >>> 31;
      order[middle] = row;
      right[rights] = row;
      rights += goesRight;
      middle += 1 - goesRight;
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

function takeBest(open: Candidate[]): Candidate {
  let best = 0;
  for (let i = 1; i < open.length; i++) if (open[i].split.gain > open[best].split.gain) best = i;
  const [taken] = open.splice(best, 1);
  return taken;
}

/** Every node's value is the shrunk mean of its rows, from the targets themselves. */
function setValues(
  builder: TreeBuilder,
  root: number,
  leaves: readonly Leaf[],
  order: Int32Array,
  target: Float64Array,
  weight: Float64Array,
  { l2, shrinkage }: GrowOptions,
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
  for (let i = sums.length - 1; i >= 0; i--) {
    const left = builder.leftOf(root + i) - root;
    if (left > 0) {
      sums[i] = sums[left] + sums[left + 1];
      weights[i] = weights[left] + weights[left + 1];
    }
    builder.setValue(root + i, (shrinkage * sums[i]) / (weights[i] + l2));
  }
}
