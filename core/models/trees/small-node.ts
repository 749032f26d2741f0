import { type BinnedMatrix, MISSING_BIN } from "./binning.ts";
import { STRIDE } from "./histogram.ts";
import type { SplitSearch } from "./split.ts";

/** Most rows of a small node. */
export const SMALL_NODE_ROWS = 192;

/**
 * Searches nodes of few rows: looks only at the bins that hold a row, and clears only these, so that the cost is that of
 * the rows and not of 256 bins.
 */
export class SmallNode {
  readonly #matrix: BinnedMatrix;
  readonly #sums = new Float64Array(STRIDE);
  readonly #held = new Int32Array(STRIDE / 32);
  readonly #bins = new Uint8Array(STRIDE);
  readonly #values = new Float64Array(SMALL_NODE_ROWS);

  constructor(matrix: BinnedMatrix) {
    this.#matrix = matrix;
  }

  /** Tries all cuts of `features` on the rows `order[from … to − 1]`. */
  tryFeatures(search: SplitSearch, features: Int32Array, order: Int32Array, from: number, to: number, packed: Float64Array): void {
    const sums = this.#sums;
    const held = this.#held;
    const bins = this.#bins;
    const values = this.#values;
    for (let i = from; i < to; i++) values[i - from] = packed[order[i]];
    for (let s = 0; s < features.length; s++) {
      const column = this.#matrix.bins[features[s]];
      for (let i = from; i < to; i++) {
        const bin = column[order[i]];
        sums[bin] += values[i - from];
        held[bin >> 5] |= 1 << (bin & 31);
      }
      const missing = sums[MISSING_BIN];
      sums[MISSING_BIN] = 0;
      held[MISSING_BIN >> 5] &= 0x7fffffff;
      const count = takeHeld(held, bins);
      search.tryFeature(features[s], sums, 0, bins, count, missing);
      for (let i = 0; i < count; i++) sums[bins[i]] = 0;
    }
  }
}

/** Lists the set bits, ascending, and clears them. @returns how many */
function takeHeld(held: Int32Array, bins: Uint8Array): number {
  let count = 0;
  for (let word = 0; word < held.length; word++) {
    let bits = held[word];
    held[word] = 0;
    while (bits !== 0) {
      bins[count++] = (word << 5) + 31 - Math.clz32(bits & -bits);
      bits &= bits - 1;
    }
  }
  return count;
}
