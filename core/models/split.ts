import { MISSING_BIN } from "./binning.ts";
import { STRIDE } from "./histogram.ts";

/** Where a node is cut in two. */
export interface Split {
  /** number of the feature */
  readonly feature: number;
  /** rows of this bin and below go left */
  readonly bin: number;
  readonly missingLeft: boolean;
  /** drop of the weighted squared error, with the leaves shrunk by l2 */
  readonly gain: number;
}

export interface SplitLimits {
  readonly minLeafWeight: number;
  readonly l2: number;
}

const NO_GAIN = 1e-9;

/**
 * The cut with the largest gain over all features; missing values are tried on both sides.
 *
 * @param bins per feature of `features`: how many bins it has
 * @returns null where no cut gains anything within the limits
 */
export function findSplit(
  histogram: Float64Array,
  features: Int32Array,
  bins: (feature: number) => number,
  sum: number,
  weight: number,
  { minLeafWeight, l2 }: SplitLimits,
): Split | null {
  let bestGain = NO_GAIN;
  let feature = -1;
  let bin = 0;
  let missingLeft = false;
  const parent = (sum * sum) / (weight + l2);
  for (let s = 0; s < features.length; s++) {
    const start = s * STRIDE;
    const missingSum = histogram[start + 2 * MISSING_BIN];
    const missingWeight = histogram[start + 2 * MISSING_BIN + 1];
    const count = bins(features[s]);
    const last = missingWeight > 0 ? count : count - 1;
    let leftSum = 0;
    let leftWeight = 0;
    for (let b = 0; b < last; b++) {
      const binWeight = histogram[start + 2 * b + 1];
      leftSum += histogram[start + 2 * b];
      leftWeight += binWeight;
      if (binWeight === 0) continue;
      for (let side = 0; side < (missingWeight > 0 ? 2 : 1); side++) {
        const ls = side === 0 ? leftSum : leftSum + missingSum;
        const lw = side === 0 ? leftWeight : leftWeight + missingWeight;
        const rw = weight - lw;
        if (lw < minLeafWeight || rw < minLeafWeight) continue;
        const rs = sum - ls;
        const gain = (ls * ls) / (lw + l2) + (rs * rs) / (rw + l2) - parent;
        if (gain > bestGain) {
          bestGain = gain;
          feature = features[s];
          bin = b;
          missingLeft = missingWeight > 0 ? side === 1 : lw >= rw;
        }
      }
    }
  }
  return feature < 0 ? null : { feature, bin, missingLeft, gain: bestGain };
}
