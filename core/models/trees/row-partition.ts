import type { BinnedMatrix } from "./binning.ts";
import type { Split } from "./split.ts";

/** Reorders a node's rows by a cut. */
export class RowPartition {
  readonly #columns: readonly Uint8Array[];
  readonly #right: Int32Array;
  #order: Int32Array = new Int32Array(0);

  constructor({ bins, rows }: BinnedMatrix) {
    this.#columns = bins;
    this.#right = new Int32Array(rows);
  }

  /** Starts a tree. @param order its rows, which are reordered */
  begin(order: Int32Array): void {
    this.#order = order;
  }

  /**
   * Brings those of the rows `order[from … to − 1]` that go left to the front, each side in its former order. There is no branch,
   * because it would be guessed wrong half of the time: each row is written to both sides, and only one of them moves on.
   *
   * @returns where the right side begins
   */
  cut(from: number, to: number, { feature, bin, missingLeft }: Pick<Split, "feature" | "bin" | "missingLeft">): number {
    const column = this.#columns[feature];
    const order = this.#order;
    const right = this.#right;
    // Where missing values go left, bins are counted from the missing one on: 255 becomes 0.
    const shift = missingLeft ? 1 : 0;
    const last = bin + shift;
    let middle = from;
    let rights = 0;
    for (let i = from; i < to; i++) {
      const row = order[i];
      // The sign bit: 1 if the row's bin is above the last one that goes left.
      const goesRight = (last - ((column[row] + shift) & 255)) >>> 31;
      order[middle] = row;
      right[rights] = row;
      rights += goesRight;
      middle += 1 - goesRight;
    }
    for (let i = 0; i < rights; i++) order[middle + i] = right[i];
    return middle;
  }
}
