/*
 * The search of a node with few rows. A histogram costs 256 bins per feature to clear and to read, however few rows it holds.
 * Here the cost is that of the rows: a bit per bin notes which bins hold a row, and only these are read and cleared.
 */
import { type BinnedMatrix, MISSING_BIN } from "./binning.ts";
import { STRIDE } from "./histogram.ts";
import type { PackedRows } from "./packed-sums.ts";
import type { SplitSearch } from "./split.ts";

/** Most rows of a small node. */
export const SMALL_NODE_ROWS = 192;

/** Searches small nodes. Between features all sums and bits are 0. */
export class SmallNodeSearch {
  readonly #columns: readonly Uint8Array[];
  readonly #packed: Float64Array;
  /** of the feature at hand */
  readonly #sums = new Float64Array(STRIDE);
  /** one bit per bin: whether it holds a row */
  readonly #held = new Int32Array(STRIDE / 32);
  /** numbers of the bins that hold rows, ascending */
  readonly #heldBins = new Uint8Array(STRIDE);
  readonly #gathered = new Float64Array(SMALL_NODE_ROWS);
  #order: Int32Array = new Int32Array(0);

  constructor({ bins }: BinnedMatrix, packed: PackedRows) {
    this.#columns = bins;
    this.#packed = packed.values;
  }

  /** Starts a tree. @param order its rows, which may be reordered between nodes */
  begin(order: Int32Array): void {
    this.#order = order;
  }

  /** Tries all cuts of `features` on the rows `order[from … to − 1]`. @param total their packed sum */
  tryFeatures(search: SplitSearch, features: Int32Array, from: number, to: number, total: number): void {
    const sums = this.#sums;
    const held = this.#held;
    const heldBins = this.#heldBins;
    const gathered = this.#gathered;
    const order = this.#order;
    const packed = this.#packed;
    search.begin(total);
    for (let i = from; i < to; i++) gathered[i - from] = packed[order[i]];
    for (let s = 0; s < features.length; s++) {
      const column = this.#columns[features[s]];
      for (let i = from; i < to; i++) {
        const bin = column[order[i]];
        sums[bin] += gathered[i - from];
        held[bin >> 5] |= 1 << (bin & 31);
      }
      held[MISSING_BIN >> 5] &= ~(1 << (MISSING_BIN & 31));
      const count = takeHeld(held, heldBins);
      search.tryFeature(features[s], sums, 0, heldBins, count, sums[MISSING_BIN]);
      for (let i = 0; i < count; i++) sums[heldBins[i]] = 0;
      sums[MISSING_BIN] = 0;
    }
  }
}

/** Lists the numbers of the bits that are set, ascending, and clears them. @returns how many */
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
