import type { BinnedMatrix } from "./binning.ts";

/** Doubles per feature: one packed sum for each of 256 bins. */
export const STRIDE = 256;

/**
 * Packed sums per bin, over the rows `order[from … to − 1]`, for some features. Feature number s of `features` has its
 * sums from s × {@link STRIDE} on.
 *
 * @param packed per row, from `packRows`
 * @param gathered room for `to − from` values
 */
export function fillHistogram(
  histogram: Float64Array,
  { bins }: BinnedMatrix,
  features: Int32Array,
  order: Int32Array,
  from: number,
  to: number,
  packed: Float64Array,
  gathered: Float64Array,
): void {
  const count = features.length;
  histogram.fill(0, 0, count * STRIDE);
  for (let i = from; i < to; i++) gathered[i - from] = packed[order[i]];
  let s = 0;
  for (; s + 3 < count; s += 4) {
    addFour(
      histogram,
      s * STRIDE,
      bins[features[s]],
      bins[features[s + 1]],
      bins[features[s + 2]],
      bins[features[s + 3]],
      order,
      from,
      to,
      gathered,
    );
  }
  for (; s < count; s++) addOne(histogram, s * STRIDE, bins[features[s]], order, from, to, gathered);
}

/** Four features at a time: a row's number and value are read once for all of them. */
function addFour(
  histogram: Float64Array,
  start: number,
  a: Uint8Array,
  b: Uint8Array,
  c: Uint8Array,
  d: Uint8Array,
  order: Int32Array,
  from: number,
  to: number,
  gathered: Float64Array,
): void {
  const startB = start + STRIDE;
  const startC = startB + STRIDE;
  const startD = startC + STRIDE;
  for (let i = from; i < to; i++) {
    const row = order[i];
    const value = gathered[i - from];
    histogram[start + a[row]] += value;
    histogram[startB + b[row]] += value;
    histogram[startC + c[row]] += value;
    histogram[startD + d[row]] += value;
  }
}

function addOne(
  histogram: Float64Array,
  start: number,
  column: Uint8Array,
  order: Int32Array,
  from: number,
  to: number,
  gathered: Float64Array,
): void {
  for (let i = from; i < to; i++) histogram[start + column[order[i]]] += gathered[i - from];
}

/** The sibling's histogram: parent − child, in the parent's place. */
export function subtractHistogram(parent: Float64Array, child: Float64Array, features: number): void {
  const size = features * STRIDE;
  for (let i = 0; i < size; i++) parent[i] -= child[i];
}
