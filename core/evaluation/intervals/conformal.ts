/** Guards the rank against (n + 1) × coverage that lies a rounding error above a whole number. */
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
 * The quantile of split conformal prediction: the ⌈(n + 1) × coverage⌉-th smallest score, so that a new score is at most
 * that with at least the given probability, for any n (Vovk et al. 2005; Lei et al. 2018).
 *
 * @returns null where n is too small for any finite answer
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
