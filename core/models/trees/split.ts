/*
 * The search for a node's best cut, in packed sums per bin (packed-sums.ts).
 *
 * A cut sends a part of the rows left and the rest right. Let l and r be the sums of the targets on both sides, and m and n
 * their weights plus l2. Leaves that predict l / m and r / n lower the squared error by l² / m + r² / n, compared with leaves
 * of 0. With S = l + r, W = m + n and D = l − S × m / W this is
 *
 *     l² / m + r² / n  =  S² / W  +  W × D² / (m × n)
 *
 * The first term is the same for all cuts of a node and W is constant, so the best cut has the largest D² / (m × n). That is
 * the `score` below. Cuts are compared without a division: score > best becomes D² > best × (m × n).
 *
 * Weights are counted in units and targets in steps, as they are packed.
 */
import type { Packing } from "./packed-sums.ts";

/** Where a node is cut in two. */
export interface Split {
  /** number of the feature */
  readonly feature: number;
  /** rows of this bin and below go left */
  readonly bin: number;
  readonly missingLeft: boolean;
  /** drop of the weighted squared error, with the leaves shrunk by l2; comparable within one tree */
  readonly gain: number;
  /** packed sum over the rows that go left */
  readonly left: number;
}

export interface SplitLimits {
  readonly minLeafWeight: number;
  readonly l2: number;
  /** Whether a cut goes midway through the empty bins between its two sides; otherwise it follows the last bin of the left side. */
  readonly midway?: boolean;
}

/** A gain below this part of the node's own term is rounding. */
const ROUNDING = 1e-12;

/** Searches one node after another, feature by feature. It allocates nothing but the answer. */
export class SplitSearch {
  readonly #factor: number;
  readonly #inverseFactor: number;
  /** of a leaf */
  readonly #leastUnits: number;
  /** in units */
  readonly #l2: number;
  readonly #midway: boolean;
  // The node: its weight, S / W, and its score without a cut.
  #units = 0;
  #mean = 0;
  #uncutScore = 0;
  // The best cut so far.
  #bestScore = 0;
  #feature = -1;
  #bin = 0;
  #missingLeft = false;
  #left = 0;

  constructor({ factor, unit }: Packing, { minLeafWeight, l2, midway = false }: SplitLimits) {
    this.#factor = factor;
    this.#inverseFactor = 1 / factor;
    this.#leastUnits = Math.max(1, minLeafWeight / unit);
    this.#l2 = l2 / unit;
    this.#midway = midway;
  }

  /** Whether a node has the weight for two leaves. @param total its packed sum */
  mayCut(total: number): boolean {
    return Math.floor(total * this.#inverseFactor + 0.5) >= 2 * this.#leastUnits;
  }

  /** Starts with a node. @param total its packed sum */
  begin(total: number): void {
    const units = Math.floor(total * this.#inverseFactor + 0.5);
    const sum = total - units * this.#factor;
    const ownTerm = (sum * sum) / (units + this.#l2);
    const size = units + 2 * this.#l2;
    this.#units = units;
    this.#mean = sum / size;
    this.#uncutScore = (ownTerm - (sum * sum) / size) / size;
    this.#bestScore = this.#uncutScore + (ownTerm * ROUNDING) / size;
    this.#feature = -1;
  }

  /**
   * Tries all cuts of one feature. Missing values are tried on both sides. What it reads are arguments and not fields, because
   * the engine then makes faster code of the loop.
   *
   * @param sums the feature's packed sums per bin, from `start` on
   * @param bins ascending numbers of the bins to look at, without the one of missing values
   * @param count how many of `bins`
   * @param missing packed sum of the missing values
   */
  tryFeature(feature: number, sums: Float64Array, start: number, bins: Uint8Array, count: number, missing: number): void {
    let cut = this.#tryCuts(sums, start, bins, count, 0);
    if (cut >= 0 && missing !== 0) this.#missingLeft = false;
    if (missing !== 0) {
      const otherCut = this.#tryCuts(sums, start, bins, count, missing);
      if (otherCut >= 0) {
        cut = otherCut;
        this.#missingLeft = true;
      }
    }
    if (cut < 0) return;
    this.#feature = feature;
    this.#bin = this.#midway ? midBin(sums, start, bins, count, cut) : bins[cut];
  }

  /** @param base packed sum that goes left in any case. @returns index of the bin with a better cut than before, or −1 */
  #tryCuts(sums: Float64Array, start: number, bins: Uint8Array, count: number, base: number): number {
    const factor = this.#factor;
    const inverseFactor = this.#inverseFactor;
    const leastUnits = this.#leastUnits;
    const l2 = this.#l2;
    const units = this.#units;
    const mean = this.#mean;
    let best = this.#bestScore;
    let left = base;
    let cut = -1;
    for (let i = 0; i < count; i++) {
      const value = sums[start + bins[i]];
      if (value === 0) continue;
      left += value;
      const leftUnits = Math.floor(left * inverseFactor + 0.5);
      if (leftUnits < leastUnits) continue;
      const rightUnits = units - leftUnits;
      if (rightUnits < leastUnits) break;
      const size = leftUnits + l2;
      const product = size * (rightUnits + l2);
      const deviation = left - leftUnits * factor - mean * size;
      const square = deviation * deviation;
      if (square > best * product) {
        best = square / product;
        cut = i;
        this.#left = left;
        this.#missingLeft = leftUnits >= rightUnits;
      }
    }
    this.#bestScore = best;
    return cut;
  }

  /** @returns null where no cut gains anything within the limits */
  result(): Split | null {
    if (this.#feature < 0) return null;
    return {
      feature: this.#feature,
      bin: this.#bin,
      missingLeft: this.#missingLeft,
      gain: (this.#bestScore - this.#uncutScore) * (this.#units + 2 * this.#l2),
      left: this.#left,
    };
  }
}

/** Halfway from the bin with index `cut` to the next one that holds rows. */
function midBin(sums: Float64Array, start: number, bins: Uint8Array, count: number, cut: number): number {
  let next = cut + 1;
  while (next < count && sums[start + bins[next]] === 0) next++;
  return next < count ? (bins[cut] + bins[next] - 1) >> 1 : bins[cut];
}
