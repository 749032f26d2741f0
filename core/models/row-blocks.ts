import { type Standardisation, standardiseInto } from "./standardise.ts";

/** Rows of a matrix, in order, for loops that need only some at a time. */
export interface RowBlocks {
  readonly rows: number;
  /** values a row */
  readonly width: number;
  /**
   * Shows all rows, block by block. Every block but the last has a multiple of four rows, so that loops over four rows at a time
   * take the same fours however large the blocks are.
   *
   * @param visit `x`: a block, row after row, valid during the call only; `first`: the number of its first row; `count`: its rows
   */
  each(visit: (x: Float64Array, first: number, count: number) => void): void;
}

/** Rows of a block that is made when it is needed: it stays in the processor's cache while it is worked on. */
const BLOCK = 512;
/** As many values are kept: 32 MB. */
const MOST_KEPT = 2 ** 22;

/** All rows in one block. */
export function oneBlock(x: Float64Array, rows: number): RowBlocks {
  return { rows, width: x.length / rows, each: (visit) => visit(x, 0, rows) };
}

/**
 * Rows `from … to − 1` on the common scale. A few are computed once and kept. Many would take as much memory as the columns
 * themselves, in each thread, so they are computed block by block in each loop over them: the same values.
 *
 * @param most how many values are kept
 */
export function standardisedBlocks(
  scale: Standardisation,
  columns: readonly Float64Array[],
  { from, to, most = MOST_KEPT }: { readonly from: number; readonly to: number; readonly most?: number },
): RowBlocks {
  const rows = to - from;
  const width = columns.length;
  if (rows * width <= most) {
    const x = new Float64Array(rows * width);
    standardiseInto(scale, columns, from, to, x);
    return oneBlock(x, rows);
  }
  const x = new Float64Array(BLOCK * width);
  return {
    rows,
    width,
    each(visit) {
      for (let first = 0; first < rows; first += BLOCK) {
        const count = Math.min(BLOCK, rows - first);
        standardiseInto(scale, columns, from + first, from + first + count, x);
        visit(x, first, count);
      }
    },
  };
}
