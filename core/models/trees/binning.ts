import { DoubleSorter } from "./sort-doubles.ts";

/** Bin of a missing value. */
export const MISSING_BIN = 255;
const MAX_BINS = 255;
/** Few rows get fewer bins, down to this number: a histogram costs as much for each bin, however few rows it holds. */
const LEAST_BINS = 32;
/** As many rows a bin, where there are enough rows for that. */
const ROWS_PER_BIN = 32;
/** Equal steps between a column's least and largest threshold, each of which knows the bins that begin in it. */
const CELLS = 2_048;

/** How many bins a feature gets at most. */
function mostBins(rows: number): number {
  return Math.min(MAX_BINS, Math.max(LEAST_BINS, Math.ceil(rows / ROWS_PER_BIN)));
}

/** Features in at most 255 bins each. */
export interface BinnedMatrix {
  readonly rows: number;
  /** one column a feature: `rows` bins; {@link MISSING_BIN} is missing */
  readonly bins: readonly Uint8Array[];
  /** per feature, ascending: a value of bin b is ≤ thresholds[b] and > thresholds[b − 1] */
  readonly thresholds: readonly Float64Array[];
}

/**
 * Bins the first `rows` values of each column by their quantiles; few distinct values get a bin each. The thresholds are
 * those of scikit-learn: midpoints of distinct values, or quantiles (averaged inverted distribution function).
 *
 * @param most bins of a column, at most 255
 */
export function binColumns(columns: readonly Float64Array[], rows: number, most = mostBins(rows)): BinnedMatrix {
  const sorter = new DoubleSorter(rows);
  const known = new Float64Array(rows);
  const thresholds = columns.map((column) => {
    const count = copyKnown(column, rows, known);
    sorter.sort(known, count);
    return findThresholds(known.subarray(0, count), most);
  });
  return { rows, thresholds, bins: columns.map((column, f) => assignBins(column, rows, thresholds[f])) };
}

function copyKnown(column: Float64Array, rows: number, out: Float64Array): number {
  let known = 0;
  for (let row = 0; row < rows; row++) if (!Number.isNaN(column[row])) out[known++] = column[row];
  return known;
}

function findThresholds(sorted: Float64Array, most: number): Float64Array {
  const cuts: number[] = [];
  if (countDistinct(sorted, most + 1) <= most) {
    for (let i = 1; i < sorted.length; i++) if (sorted[i] !== sorted[i - 1]) cuts.push(between(sorted[i - 1], sorted[i]));
  } else {
    for (let cut = 1; cut < most; cut++) {
      const below = Math.ceil((sorted.length * cut) / most);
      const isWhole = (sorted.length * cut) % most === 0;
      const threshold = isWhole ? between(sorted[below - 1], sorted[below]) : sorted[below - 1];
      if (threshold !== cuts.at(-1) && threshold !== sorted[sorted.length - 1]) cuts.push(threshold);
    }
  }
  return Float64Array.from(cuts);
}

function countDistinct(sorted: Float64Array, most: number): number {
  let count = sorted.length > 0 ? 1 : 0;
  for (let i = 1; i < sorted.length && count < most; i++) if (sorted[i] !== sorted[i - 1]) count++;
  return count;
}

function between(low: number, high: number): number {
  return low + (high - low) / 2;
}

/** A value's bin is the number of thresholds below it; its cell tells all but those of the cell itself. */
function assignBins(column: Float64Array, rows: number, thresholds: Float64Array): Uint8Array {
  const bins = new Uint8Array(rows);
  const count = thresholds.length;
  const least = count > 0 ? thresholds[0] : 0;
  const perUnit = count > 1 ? CELLS / (thresholds[count - 1] - least) : 0;
  const cellOf = (value: number) => Math.min(Math.max((value - least) * perUnit, 0), CELLS) | 0;
  const firstOfCell = new Int32Array(CELLS + 2).fill(count);
  for (let b = count - 1; b >= 0; b--) firstOfCell[cellOf(thresholds[b])] = b;
  for (let cell = CELLS; cell >= 0; cell--) firstOfCell[cell] = Math.min(firstOfCell[cell], firstOfCell[cell + 1]);
  for (let row = 0; row < rows; row++) {
    const value = column[row];
    if (Number.isNaN(value)) {
      bins[row] = MISSING_BIN;
      continue;
    }
    const cell = cellOf(value);
    bins[row] = firstNotBelow(thresholds, value, firstOfCell[cell], firstOfCell[cell + 1]);
  }
  return bins;
}

/** Index of the first threshold from `low` on that is not below the value, `high` if there is none before. */
function firstNotBelow(thresholds: Float64Array, value: number, low: number, high: number): number {
  let from = low;
  let to = high;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (thresholds[middle] < value) from = middle + 1;
    else to = middle;
  }
  return from;
}
