/*
 * Regression trees on binned features, grown leaf by leaf, the best cut first.
 *
 * The rows of a node lie side by side in `order`, as `order[from … to − 1]`; a cut reorders them. Where two siblings may be cut by
 * the same features, only the smaller one's histogram is summed, and the other's is the parent's minus that. Where each node has
 * its own features (random forests), there is nothing to share: small nodes are searched without a histogram (small-node.ts).
 */
import { type BinnedMatrix, MISSING_BIN } from "./binning.ts";
import type { TreeBuilder } from "./flat-trees.ts";
import { HistogramBuilder, STRIDE } from "./histogram.ts";
import { type Leaf, type LeafOptions, setNodeValues } from "./leaf-values.ts";
import { PackedRows, type TreeRows } from "./packed-sums.ts";
import { RowPartition } from "./row-partition.ts";
import { SMALL_NODE_ROWS, SmallNodeSearch } from "./small-node.ts";
import { type Split, type SplitLimits, SplitSearch } from "./split.ts";

export interface GrowOptions extends SplitLimits, LeafOptions {
  readonly maxLeaves: number;
  readonly maxDepth: number;
  /** The features that a node may be cut by. Returning the same array for all nodes lets them share histograms. */
  readonly chooseFeatures: () => Int32Array;
}

/** A node that has not been searched for a cut yet. */
interface NewLeaf extends Leaf {
  readonly depth: number;
  /** packed sum over its rows */
  readonly total: number;
}

/** A leaf with a cut that gains something; it is cut when its turn comes. */
interface OpenLeaf extends NewLeaf {
  readonly features: Int32Array;
  /** null where the node was too small to need one */
  readonly histogram: Float64Array | null;
  readonly split: Split;
}

const ALL_BINS = Uint8Array.from({ length: MISSING_BIN }, (_, bin) => bin);

/** Grows one tree after another on a matrix. Its buffers are used again from tree to tree. */
export class TreeGrower {
  readonly #matrix: BinnedMatrix;
  readonly #binCounts: Int32Array;
  readonly #packed: PackedRows;
  readonly #histograms: HistogramBuilder;
  readonly #smallNodes: SmallNodeSearch;
  readonly #partition: RowPartition;

  constructor(matrix: BinnedMatrix) {
    this.#matrix = matrix;
    this.#binCounts = Int32Array.from(matrix.thresholds, ({ length }) => length + 1);
    this.#packed = new PackedRows(matrix.rows);
    this.#histograms = new HistogramBuilder(matrix, this.#packed);
    this.#smallNodes = new SmallNodeSearch(matrix, this.#packed);
    this.#partition = new RowPartition(matrix);
  }

  /** Adds a tree to the builder. @returns its leaves, whose rows lie side by side in `rows.order` afterwards */
  grow(builder: TreeBuilder, rows: TreeRows, options: GrowOptions): Leaf[] {
    for (const part of [this.#histograms, this.#smallNodes, this.#partition]) part.begin(rows.order);
    const search = new SplitSearch(this.#packed.pack(rows, options.l2 === 0), options);
    const root = { node: builder.startTree(), from: 0, to: rows.order.length, depth: 0, total: this.#packed.sum(rows.order) };
    const leaves = this.#growFrom(root, builder, search, options);
    setNodeValues(builder, root.node, leaves, rows, options);
    return leaves;
  }

  #growFrom(root: NewLeaf, builder: TreeBuilder, search: SplitSearch, options: GrowOptions): Leaf[] {
    const { maxLeaves, maxDepth, chooseFeatures } = options;
    // Where depth alone limits the tree, the order of cuts makes no difference to it.
    const inAnyOrder = maxLeaves >= 2 ** maxDepth;
    const closed: Leaf[] = [];
    const open: OpenLeaf[] = [];
    const add = (leaf: Leaf | OpenLeaf) => {
      if ("split" in leaf) open.push(leaf);
      else closed.push(leaf);
    };
    const mayCut = ({ depth, total }: NewLeaf, leaves: number) => depth < maxDepth && leaves < maxLeaves && search.mayCut(total);

    add(mayCut(root, 1) ? this.#searchInHistogram(search, root, chooseFeatures()) : root);
    while (open.length > 0 && closed.length + open.length < maxLeaves) {
      const parent = inAnyOrder ? (open.pop() as OpenLeaf) : takeBest(open);
      const { features, histogram } = parent;
      const [left, right] = this.#cut(parent, builder);
      const leaves = closed.length + open.length + 2;
      const leftFeatures = mayCut(left, leaves) ? chooseFeatures() : null;
      const rightFeatures = mayCut(right, leaves) ? chooseFeatures() : null;
      const isShared = (own: Int32Array | null) => own === null || own === features;
      if (histogram && (leftFeatures ?? rightFeatures) && isShared(leftFeatures) && isShared(rightFeatures)) {
        const [leftHistogram, rightHistogram] = this.#siblingHistograms(left, right, features, histogram);
        add(this.#searchOrClose(search, left, leftFeatures, leftHistogram));
        add(this.#searchOrClose(search, right, rightFeatures, rightHistogram));
      } else {
        if (histogram) this.#histograms.giveBack(histogram);
        add(leftFeatures ? this.#searchAlone(search, left, leftFeatures) : left);
        add(rightFeatures ? this.#searchAlone(search, right, rightFeatures) : right);
      }
    }
    for (const { histogram } of open) if (histogram) this.#histograms.giveBack(histogram);
    return [...closed, ...open];
  }

  /** Turns a leaf into a node with two leaves. */
  #cut({ node, from, to, depth, total, split }: OpenLeaf, builder: TreeBuilder): [NewLeaf, NewLeaf] {
    const middle = this.#partition.cut(from, to, split);
    const leftNode = builder.split(node, { ...split, threshold: this.#threshold(split) });
    return [
      { node: leftNode, from, to: middle, depth: depth + 1, total: split.left },
      { node: leftNode + 1, from: middle, to, depth: depth + 1, total: total - split.left },
    ];
  }

  /** The histograms of both children; the parent's becomes one of them. */
  #siblingHistograms(left: Leaf, right: Leaf, features: Int32Array, parent: Float64Array): [Float64Array, Float64Array] {
    const leftIsSmaller = left.to - left.from < right.to - right.from;
    const { from, to } = leftIsSmaller ? left : right;
    const smaller = this.#histograms.build(features, from, to);
    this.#histograms.subtract(parent, smaller, features.length);
    return leftIsSmaller ? [smaller, parent] : [parent, smaller];
  }

  /** Searches a node that shares its features with no other. */
  #searchAlone(search: SplitSearch, leaf: NewLeaf, features: Int32Array): Leaf | OpenLeaf {
    const { from, to, total } = leaf;
    if (to - from > SMALL_NODE_ROWS) return this.#searchInHistogram(search, leaf, features);
    this.#smallNodes.tryFeatures(search, features, from, to, total);
    const split = search.result();
    return split ? { ...leaf, features, histogram: null, split } : leaf;
  }

  #searchInHistogram(search: SplitSearch, leaf: NewLeaf, features: Int32Array): Leaf | OpenLeaf {
    return this.#searchOrClose(search, leaf, features, this.#histograms.build(features, leaf.from, leaf.to));
  }

  /** @param features null where the leaf may not be cut */
  #searchOrClose(search: SplitSearch, leaf: NewLeaf, features: Int32Array | null, histogram: Float64Array): Leaf | OpenLeaf {
    const split = features && this.#bestSplit(search, leaf.total, features, histogram);
    if (features && split) return { ...leaf, features, histogram, split };
    this.#histograms.giveBack(histogram);
    return leaf;
  }

  #bestSplit(search: SplitSearch, total: number, features: Int32Array, histogram: Float64Array): Split | null {
    search.begin(total);
    for (let s = 0; s < features.length; s++) {
      const feature = features[s];
      const start = s * STRIDE;
      search.tryFeature(feature, histogram, start, ALL_BINS, this.#binCounts[feature], histogram[start + MISSING_BIN]);
    }
    return search.result();
  }

  /** A cut after the last bin separates known values from missing ones. */
  #threshold({ feature, bin }: Split): number {
    const thresholds = this.#matrix.thresholds[feature];
    return bin < thresholds.length ? thresholds[bin] : Number.MAX_VALUE;
  }
}

function takeBest(open: OpenLeaf[]): OpenLeaf {
  let best = 0;
  for (let i = 1; i < open.length; i++) if (open[i].split.gain > open[best].split.gain) best = i;
  const [taken] = open.splice(best, 1);
  return taken;
}
