/** Columns that predictions are made from: one a feature, n values each; NaN is unknown. */
export interface FeatureRows {
  readonly names: readonly string[];
  readonly columns: readonly Float64Array[];
}
