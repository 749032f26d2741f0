/*
 * Histograms of packed sums: for each feature, one sum per bin over the rows of a node. Fitting trees spends most of its time
 * here, hence three measures:
 *
 * - One addition per row and feature, because weight and weighted target share one double (packed-sums.ts).
 * - Four features at a time. The rows of a node lie scattered in the matrix: `order` names them. Reading a row's number and its
 *   packed value once for four features instead of once for each saves most of these loads, and the four additions go to
 *   different parts of the histogram, so that none has to wait for another. What is left over of the features goes one by one.
 * - Packed values are gathered first: they are copied side by side in the order of the node's rows, once for all features, so
 *   that the loops over features read them in sequence.
 *
 * Only the smaller of two siblings is summed. The other's histogram is that of their parent minus the smaller one's, which is
 * exact because packed sums are whole numbers.
 */
import type { BinnedMatrix } from "./binning.ts";
import type { PackedRows } from "./packed-sums.ts";

/** Doubles per feature: one packed sum for each of 256 bins. */
export const STRIDE = 256;

/** Builds the histograms of a tree's nodes, and uses arrays again that are given back. */
export class HistogramBuilder {
  readonly #bins: readonly Uint8Array[];
  readonly #packed: Float64Array;
  readonly #gathered: Float64Array;
  readonly #spare: Float64Array[] = [];
  #order: Int32Array = new Int32Array(0);
  #histogram: Float64Array = new Float64Array(0);
  /** of the node */
  #rows: Int32Array = new Int32Array(0);

  constructor({ bins, rows }: BinnedMatrix, packed: PackedRows) {
    this.#bins = bins;
    this.#packed = packed.values;
    this.#gathered = new Float64Array(rows);
  }

  /** Starts a tree. @param order its rows, which may be reordered between calls of `build` */
  begin(order: Int32Array): void {
    this.#order = order;
  }

  /** Packed sums of the rows `order[from … to − 1]`. Feature number s of `features` has its sums from s × {@link STRIDE} on. */
  build(features: Int32Array, from: number, to: number): Float64Array {
    const size = features.length * STRIDE;
    const spare = this.#spare.pop();
    const histogram = spare && spare.length >= size ? spare : new Float64Array(size);
    histogram.fill(0, 0, size);
    const rows = this.#order.subarray(from, to);
    const packed = this.#packed;
    const gathered = this.#gathered;
    for (let i = 0; i < rows.length; i++) gathered[i] = packed[rows[i]];
    this.#histogram = histogram;
    this.#rows = rows;
    let s = 0;
    for (; s + 3 < features.length; s += 4) this.#addFour(features, s);
    for (; s < features.length; s++) this.#addOne(features, s);
    return histogram;
  }

  /** Turns the histogram of a node into that of one of its children. @param child the histogram of the other one */
  subtract(parent: Float64Array, child: Float64Array, features: number): void {
    const size = features * STRIDE;
    for (let i = 0; i < size; i++) parent[i] -= child[i];
  }

  giveBack(histogram: Float64Array): void {
    this.#spare.push(histogram);
  }

  /** Adds features number s to s + 3. */
  #addFour(features: Int32Array, s: number): void {
    const histogram = this.#histogram;
    const rows = this.#rows;
    const gathered = this.#gathered;
    const a = this.#bins[features[s]];
    const b = this.#bins[features[s + 1]];
    const c = this.#bins[features[s + 2]];
    const d = this.#bins[features[s + 3]];
    const startA = s * STRIDE;
    const startB = startA + STRIDE;
    const startC = startB + STRIDE;
    const startD = startC + STRIDE;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i];
      const value = gathered[i];
      histogram[startA + a[row]] += value;
      histogram[startB + b[row]] += value;
      histogram[startC + c[row]] += value;
      histogram[startD + d[row]] += value;
    }
  }

  #addOne(features: Int32Array, s: number): void {
    const histogram = this.#histogram;
    const rows = this.#rows;
    const gathered = this.#gathered;
    const column = this.#bins[features[s]];
    const start = s * STRIDE;
    for (let i = 0; i < rows.length; i++) histogram[start + column[rows[i]]] += gathered[i];
  }
}
