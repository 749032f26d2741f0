import type { BinnedMatrix } from "./binning.ts";

/** Doubles per feature: a sum of targets and a sum of weights for each of 256 bins. */
export const STRIDE = 512;

/**
 * Sums of weighted targets and of weights per bin, over the rows `order[from … to − 1]`, for some features.
 * Feature number s of `features` has its sums from s × {@link STRIDE} on.
 */
export function fillHistogram(
  histogram: Float64Array,
  { bins }: BinnedMatrix,
  features: Int32Array,
  order: Int32Array,
  from: number,
  to: number,
  weightedTarget: Float64Array,
  weight: Float64Array,
): void {
  histogram.fill(0, 0, features.length * STRIDE);
  for (let s = 0; s < features.length; s++) {
    const column = bins[features[s]];
    const start = s * STRIDE;
    for (let i = from; i < to; i++) {
      const row = order[i];
      const at = start + (column[row] << 1);
      histogram[at] += weightedTarget[row];
      histogram[at + 1] += weight[row];
    }
  }
}

/** The sibling's histogram: parent − child, in the parent's place. */
export function subtractHistogram(parent: Float64Array, child: Float64Array, features: number): void {
  for (let i = 0; i < features * STRIDE; i++) parent[i] -= child[i];
}
