import { DoubleSorter } from "./trees/sort-doubles.ts";

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
  const sorter = new DoubleSorter(rows);
  const known = new Float64Array(rows);
  columns.forEach((column, f) => {
    let count = 0;
    for (let row = 0; row < rows; row++) if (!Number.isNaN(column[row])) known[count++] = column[row];
    if (count === 0) return;
    sorter.sort(known, count);
    const first = Math.floor(winsorQuantile * (count - 1));
    const last = Math.ceil((1 - winsorQuantile) * (count - 1));
    const lower = known[first];
    const upper = known[last];
    known.fill(lower, 0, first);
    known.fill(upper, last + 1, count);
    let sum = 0;
    for (let i = 0; i < count; i++) sum += known[i];
    const mean = sum / count;
    let squares = 0;
    for (let i = 0; i < count; i++) squares += (known[i] - mean) * (known[i] - mean);
    const deviation = Math.sqrt(squares / count);
    learned.lower[f] = lower;
    learned.upper[f] = upper;
    learned.mean[f] = mean;
    learned.inverseDeviation[f] = deviation > 1e-12 * Math.max(1, Math.abs(mean)) ? 1 / deviation : 0;
  });
  return learned;
}

/** One row on the common scale, into `out`; a missing value is the mean, 0. */
export function standardiseRow(scale: Standardisation, columns: readonly Float64Array[], row: number, out: Float64Array): void {
  for (let f = 0; f < columns.length; f++) out[f] = standardiseValue(scale, f, columns[f][row]);
}

/** One value of a feature on the common scale; a missing value is the mean, 0. */
export function standardiseValue(scale: Standardisation, f: number, value: number): number {
  if (Number.isNaN(value)) return 0;
  return (Math.min(Math.max(value, scale.lower[f]), scale.upper[f]) - scale.mean[f]) * scale.inverseDeviation[f];
}

/** Rows `from … to − 1` on the common scale, row after row. */
export function standardiseRows(scale: Standardisation, columns: readonly Float64Array[], from: number, to: number): Float64Array {
  const out = new Float64Array((to - from) * columns.length);
  standardiseInto(scale, columns, from, to, out);
  return out;
}

/** As {@link standardiseRows}, into the beginning of `out`. */
export function standardiseInto(
  scale: Standardisation,
  columns: readonly Float64Array[],
  from: number,
  to: number,
  out: Float64Array,
): void {
  const width = columns.length;
  for (let f = 0; f < width; f++) {
    const column = columns[f];
    const lower = scale.lower[f];
    const upper = scale.upper[f];
    const mean = scale.mean[f];
    const inverseDeviation = scale.inverseDeviation[f];
    for (let row = from, at = f; row < to; row++, at += width) {
      const value = column[row];
      const clipped = value < lower ? lower : value > upper ? upper : value;
      out[at] = Number.isNaN(value) ? 0 : (clipped - mean) * inverseDeviation;
    }
  }
}
