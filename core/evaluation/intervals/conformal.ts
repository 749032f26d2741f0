/** Subtracted before rounding up, as (n + 1) × coverage can be a rounding error above an integer. */
const ROUNDING = 1e-9;

/**
 * How far a prediction was off: |error| in units of the scale, so that errors of calm and of wild days compare.
 *
 * @param actual forward log return
 * @param prediction of it
 * @param scale volatility × √horizon
 */
export function conformalScore(actual: number, prediction: number, scale: number): number {
  return Math.abs(actual - prediction) / scale;
}

/**
 * The quantile of split conformal prediction: the ⌈(n + 1) × coverage⌉-th smallest score. For any n, a new score is at most
 * this with at least the given probability (Vovk et al. 2005; Lei et al. 2018).
 *
 * @returns null where n is too small for a finite quantile
 */
export function conformalQuantile(scores: ArrayLike<number>, coverage: number): number | null {
  const sorted = Float64Array.from(scores).sort();
  const rank = Math.ceil((sorted.length + 1) * coverage - ROUNDING);
  return rank <= sorted.length ? sorted[rank - 1] : null;
}

/** Fewest scores that give a finite quantile. */
export function scoresNeeded(coverage: number): number {
  return Math.ceil(coverage / (1 - coverage) - ROUNDING);
}
