import type { BinnedMatrix } from "./binning.ts";

/** Rows to learn from, ordered by time: the first `rows` values of each column. */
export interface TrainingSet {
  readonly names: readonly string[];
  /** one column a feature, at least `rows` values each; NaN is missing */
  readonly columns: readonly Float64Array[];
  readonly rows: number;
  /** at least `rows` values: a number, or 0 and 1 for a classifier */
  readonly target: Float64Array;
  /** `columns` in bins, where they were made before */
  readonly binned?: BinnedMatrix;
}
