/** How each feature is brought to a common scale; learned on the training part only. */
export interface Standardisation {
  /** values are clipped to [lower, upper] first */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly mean: Float64Array;
  /** 0 where the feature does not vary: it then has no weight */
  readonly inverseDeviation: Float64Array;
}

/** Learns clipping, mean and deviation of each column from its first `rows` values; missing ones are left out. */
export function learnStandardisation(columns: readonly Float64Array[], rows: number, winsorQuantile: number): Standardisation {
  const n = columns.length;
  const learned = {
    lower: new Float64Array(n),
    upper: new Float64Array(n),
    mean: new Float64Array(n),
    inverseDeviation: new Float64Array(n),
  };
  columns.forEach((column, f) => {
    const known = column
      .subarray(0, rows)
      .filter((value) => !Number.isNaN(value))
      .sort();
    if (known.length === 0) return;
    const lower = known[Math.floor(winsorQuantile * (known.length - 1))];
    const upper = known[Math.ceil((1 - winsorQuantile) * (known.length - 1))];
    let sum = 0;
    for (const value of known) sum += Math.min(Math.max(value, lower), upper);
    const mean = sum / known.length;
    let squares = 0;
    for (const value of known) squares += (Math.min(Math.max(value, lower), upper) - mean) ** 2;
    const deviation = Math.sqrt(squares / known.length);
    learned.lower[f] = lower;
    learned.upper[f] = upper;
    learned.mean[f] = mean;
    learned.inverseDeviation[f] = deviation > 1e-12 * Math.max(1, Math.abs(mean)) ? 1 / deviation : 0;
  });
  return learned;
}

/** One row on the common scale, into `out`; a missing value is the mean, 0. */
export function standardiseRow(scale: Standardisation, columns: readonly Float64Array[], row: number, out: Float64Array): void {
  for (let f = 0; f < columns.length; f++) {
    const value = columns[f][row];
    out[f] = Number.isNaN(value)
      ? 0
      : (Math.min(Math.max(value, scale.lower[f]), scale.upper[f]) - scale.mean[f]) * scale.inverseDeviation[f];
  }
}

/** Rows `from … to − 1` on the common scale, row after row. */
export function standardiseRows(scale: Standardisation, columns: readonly Float64Array[], from: number, to: number): Float64Array {
  const width = columns.length;
  const out = new Float64Array((to - from) * width);
  for (let row = from; row < to; row++) standardiseRow(scale, columns, row, out.subarray((row - from) * width, (row - from + 1) * width));
  return out;
}
