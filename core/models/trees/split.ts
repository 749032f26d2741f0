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

/**
 * Searches a node's best cut, feature by feature, in packed histograms. It allocates nothing but the answer.
 *
 * With sums l and r of the targets on both sides and sizes m and n (weight + l2), l²/m + r²/n is S²/W + D² W / (m n), where
 * S = l + r, W = m + n and D = l − S m / W: only the second term depends on the cut, and comparing needs no division.
 */
export class SplitSearch {
  readonly #factor: number;
  readonly #inverse: number;
  readonly #least: number;
  readonly #l2: number;
  readonly #midway: boolean;
  #units = 0;
  #ratio = 0;
  #floor = 0;
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
    const units = Math.floor(total * this.#inverse + 0.5);
    const sum = total - units * this.#factor;
    const parent = (sum * sum) / (units + this.#l2);
    const size = units + 2 * this.#l2;
    this.#units = units;
    this.#ratio = sum / size;
    this.#floor = (parent - (sum * sum) / size) / size;
    this.#best = this.#floor + (parent * ROUNDING) / size;
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
    let cut = this.#tryCuts(histogram, start, bins, count, 0);
    if (cut >= 0 && missing !== 0) this.#missingLeft = false;
    if (missing !== 0) {
      const otherCut = this.#tryCuts(histogram, start, bins, count, missing);
      if (otherCut >= 0) {
        cut = otherCut;
        this.#missingLeft = true;
      }
    }
    if (cut < 0) return;
    this.#feature = feature;
    this.#bin = this.#midway ? midBin(histogram, start, bins, count, cut) : bins[cut];
  }

  /** @param base packed sum that goes left in any case. @returns number of the bin with a better cut than before, or −1 */
  #tryCuts(histogram: Float64Array, start: number, bins: Uint8Array, count: number, base: number): number {
    const factor = this.#factor;
    const inverse = this.#inverse;
    const least = this.#least;
    const l2 = this.#l2;
    const units = this.#units;
    const ratio = this.#ratio;
    let best = this.#best;
    let left = base;
    let cut = -1;
    for (let i = 0; i < count; i++) {
      const value = histogram[start + bins[i]];
      if (value === 0) continue;
      left += value;
      const leftUnits = Math.floor(left * inverse + 0.5);
      if (leftUnits < least) continue;
      const rightUnits = units - leftUnits;
      if (rightUnits < least) break;
      const size = leftUnits + l2;
      const product = size * (rightUnits + l2);
      const deviation = left - leftUnits * factor - ratio * size;
      const score = deviation * deviation;
      if (score > best * product) {
        best = score / product;
        cut = i;
        this.#left = left;
        this.#missingLeft = leftUnits >= rightUnits;
      }
    }
    this.#best = best;
    return cut;
  }

  /** @returns null where no cut gains anything within the limits */
  result(): Split | null {
    if (this.#feature < 0) return null;
    return {
      feature: this.#feature,
      bin: this.#bin,
      missingLeft: this.#missingLeft,
      gain: (this.#best - this.#floor) * (this.#units + 2 * this.#l2),
      left: this.#left,
    };
  }
}

/** Halfway from the bin number `cut` of `bins` to the next that holds rows. */
function midBin(histogram: Float64Array, start: number, bins: Uint8Array, count: number, cut: number): number {
  let next = cut + 1;
  while (next < count && histogram[start + bins[next]] === 0) next++;
  return next < count ? (bins[cut] + bins[next] - 1) >> 1 : bins[cut];
}
