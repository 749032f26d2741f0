import type { FeatureRows } from "./feature-rows.ts";
import { learnStandardisation, type Standardisation } from "./standardise.ts";

/** Share of the training rows that count as known. */
const KNOWN_SHARE = 0.995;
const WINSOR_QUANTILE = 0.01;
/** One wild feature counts at most this many deviations. */
const MAX_DEVIATIONS = 10;

/** What a model's inputs looked like in training: enough to tell a point that lies outside. */
export interface Novelty {
  readonly scale: Standardisation;
  /** a distance that 99.5 % of the training rows do not exceed */
  readonly threshold: number;
}

/** Learned from the first `rows` values of each column. */
export function learnNovelty(columns: readonly Float64Array[], rows: number): Novelty {
  const scale = learnStandardisation(columns, rows, WINSOR_QUANTILE);
  const distances = Float64Array.from({ length: rows }, (_, row) => distance(scale, columns, row)).sort();
  return { scale, threshold: distances[Math.min(rows - 1, Math.ceil(KNOWN_SHARE * rows))] };
}

/**
 * Dissimilarity of a row to the training rows: the root mean square of its features' deviations from their training means,
 * in training deviations (Mahalanobis' distance with a diagonal covariance, per feature). Missing features are left out.
 *
 * @returns NaN where every feature is missing
 */
export function noveltyOf({ scale }: Novelty, { columns }: Pick<FeatureRows, "columns">, row: number): number {
  return distance(scale, columns, row);
}

function distance({ mean, inverseDeviation }: Standardisation, columns: readonly Float64Array[], row: number): number {
  let squares = 0;
  let known = 0;
  for (let f = 0; f < columns.length; f++) {
    const value = columns[f][row];
    if (Number.isNaN(value) || inverseDeviation[f] === 0) continue;
    squares += Math.min(Math.abs(value - mean[f]) * inverseDeviation[f], MAX_DEVIATIONS) ** 2;
    known++;
  }
  return known > 0 ? Math.sqrt(squares / known) : Number.NaN;
}
