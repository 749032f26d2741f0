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
  /** Whether a cut goes midway through the empty bins between its two sides, or right behind the left one. */
  readonly midway?: boolean;
}

/** A gain below this part of the node's own term is rounding. */
const ROUNDING = 1e-12;

/** Searches a node's best cut, feature by feature, in packed histograms. It allocates nothing but the answer. */
export class SplitSearch {
  readonly #factor: number;
  readonly #inverse: number;
  readonly #least: number;
  readonly #l2: number;
  readonly #midway: boolean;
  #units = 0;
  #sum = 0;
  #parent = 0;
  #best = 0;
  #feature = -1;
  #bin = 0;
  #missingLeft = false;
  #left = 0;

  constructor({ factor, unit }: Packing, { minLeafWeight, l2, midway = false }: SplitLimits) {
    this.#factor = factor;
    this.#inverse = 1 / factor;
    this.#least = Math.max(1, minLeafWeight / unit);
    this.#l2 = l2 / unit;
    this.#midway = midway;
  }

  /** Whether a node has the weight for two leaves. @param total its packed sum */
  mayCut(total: number): boolean {
    return Math.floor(total * this.#inverse + 0.5) >= 2 * this.#least;
  }

  /** Begins with a node. @param total its packed sum */
  begin(total: number): void {
    this.#units = Math.floor(total * this.#inverse + 0.5);
    this.#sum = total - this.#units * this.#factor;
    this.#parent = (this.#sum * this.#sum) / (this.#units + this.#l2);
    this.#best = this.#parent * (1 + ROUNDING);
    this.#feature = -1;
  }

  /**
   * Tries all cuts of one feature; missing values are tried on both sides.
   *
   * @param histogram its packed sums from `start` on
   * @param bins ascending numbers of the bins to look at, without the one of missing values
   * @param count how many of `bins`
   * @param missing packed sum of the missing values
   */
  tryFeature(feature: number, histogram: Float64Array, start: number, bins: Uint8Array, count: number, missing: number): void {
    const factor = this.#factor;
    const inverse = this.#inverse;
    const least = this.#least;
    const l2 = this.#l2;
    const units = this.#units;
    const sum = this.#sum;
    const sides = missing === 0 ? 1 : 2;
    let best = this.#best;
    let known = 0;
    let cut = -1;
    for (let i = 0; i < count; i++) {
      const value = histogram[start + bins[i]];
      if (value === 0) continue;
      known += value;
      for (let side = 0; side < sides; side++) {
        const left = side === 0 ? known : known + missing;
        const leftUnits = Math.floor(left * inverse + 0.5);
        const rightUnits = units - leftUnits;
        if (leftUnits < least || rightUnits < least) continue;
        const leftSum = left - leftUnits * factor;
        const rightSum = sum - leftSum;
        const leftSize = leftUnits + l2;
        const rightSize = rightUnits + l2;
        const product = leftSize * rightSize;
        const score = leftSum * leftSum * rightSize + rightSum * rightSum * leftSize;
        if (score > best * product) {
          best = score / product;
          cut = i;
          this.#missingLeft = sides === 2 ? side === 1 : leftUnits >= rightUnits;
          this.#left = left;
        }
      }
    }
    if (cut < 0) return;
    this.#best = best;
    this.#feature = feature;
    this.#bin = this.#midway ? midBin(histogram, start, bins, count, cut) : bins[cut];
  }

  /** @returns null where no cut gains anything within the limits */
  result(): Split | null {
    if (this.#feature < 0) return null;
    return { feature: this.#feature, bin: this.#bin, missingLeft: this.#missingLeft, gain: this.#best - this.#parent, left: this.#left };
  }
}

/** Halfway from the bin number `cut` of `bins` to the next that holds rows. */
function midBin(histogram: Float64Array, start: number, bins: Uint8Array, count: number, cut: number): number {
  let next = cut + 1;
  while (next < count && histogram[start + bins[next]] === 0) next++;
  return next < count ? (bins[cut] + bins[next] - 1) >> 1 : bins[cut];
}
