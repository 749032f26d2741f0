/** Bin of a missing value. */
export const MISSING_BIN = 255;
const MAX_BINS = 255;

/** Features in at most 255 bins each. */
export interface BinnedMatrix {
  readonly rows: number;
  /** one column a feature: `rows` bins; {@link MISSING_BIN} is missing */
  readonly bins: readonly Uint8Array[];
  /** per feature, ascending: a value of bin b is ≤ thresholds[b] and > thresholds[b − 1] */
  readonly thresholds: readonly Float64Array[];
}

/** Bins the first `rows` values of each column by their quantiles; few distinct values get a bin each. */
export function binColumns(columns: readonly Float64Array[], rows: number): BinnedMatrix {
  const thresholds = columns.map((column) => findThresholds(column.subarray(0, rows)));
  return { rows, thresholds, bins: columns.map((column, f) => assignBins(column, rows, thresholds[f])) };
}

function findThresholds(values: Float64Array): Float64Array {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const cuts: number[] = [];
  const distinct = countDistinct(sorted, MAX_BINS + 1);
  if (distinct <= MAX_BINS) {
    for (let i = 1; i < sorted.length; i++) if (sorted[i] !== sorted[i - 1]) cuts.push(between(sorted[i - 1], sorted[i]));
  } else {
    for (let cut = 1; cut < MAX_BINS; cut++) {
      const at = Math.round((cut * sorted.length) / MAX_BINS);
      if (sorted[at] === sorted[at - 1]) continue;
      cuts.push(between(sorted[at - 1], sorted[at]));
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

function assignBins(column: Float64Array, rows: number, thresholds: Float64Array): Uint8Array {
  const bins = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const value = column[row];
    bins[row] = Number.isNaN(value) ? MISSING_BIN : findBin(thresholds, value);
  }
  return bins;
}

/** Index of the first threshold that is not below the value. */
function findBin(thresholds: Float64Array, value: number): number {
  let low = 0;
  let high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (thresholds[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
