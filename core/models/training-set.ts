/** Rows to learn from, ordered by time: the first `rows` values of each column. */
export interface TrainingSet {
  readonly names: readonly string[];
  /** one column a feature, at least `rows` values each; NaN is missing */
  readonly columns: readonly Float64Array[];
  readonly rows: number;
  /** at least `rows` values: a number, or 0 and 1 for a classifier */
  readonly target: Float64Array;
  /** how much each row counts, at least `rows` values above 0, about 1 on average; all the same where it is left out */
  readonly weight?: Float64Array;
}

/** Each row's weight. */
export function weightsOf({ weight, rows }: TrainingSet): Float64Array {
  return weight ? weight.subarray(0, rows) : new Float64Array(rows).fill(1);
}

/** Mean of the first values, each times its weight. */
export function weightedMean(values: Float64Array, weight: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let row = 0; row < weight.length; row++) {
    sum += weight[row] * values[row];
    total += weight[row];
  }
  return sum / total;
}
