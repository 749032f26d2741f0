/** One inner fit: learn on rows before `trainTo`, judge on rows `testFrom … testTo − 1`. */
export interface InnerFold {
  readonly trainTo: number;
  readonly testFrom: number;
  readonly testTo: number;
}

/** Share of the rows that the first inner fit learns from. */
const FIRST_TRAIN_SHARE = 0.5;
const INNER_FOLDS = 3;
/** Share of the rows between learning and judging: the newest targets overlap the first judged rows. */
const GAP_SHARE = 0.01;

/** Expanding inner walk-forward over rows that are ordered by time. */
export function planInnerFolds(rows: number): InnerFold[] {
  const start = Math.round(rows * FIRST_TRAIN_SHARE);
  const width = (rows - start) / INNER_FOLDS;
  const gap = Math.ceil(rows * GAP_SHARE);
  return Array.from({ length: INNER_FOLDS }, (_, i) => {
    const testFrom = Math.round(start + i * width);
    return { trainTo: Math.max(1, testFrom - gap), testFrom, testTo: Math.round(start + (i + 1) * width) };
  });
}

/** The penalty with the least summed loss over the inner folds; of equals the larger. */
export function choosePenalty(
  penalties: readonly number[],
  folds: readonly InnerFold[],
  losses: (fold: InnerFold) => readonly number[],
): number {
  const sums = new Float64Array(penalties.length);
  for (const fold of folds) {
    losses(fold).forEach((loss, i) => {
      sums[i] += loss;
    });
  }
  let best = penalties.length - 1;
  for (let i = penalties.length - 2; i >= 0; i--) if (sums[i] < sums[best]) best = i;
  return penalties[best];
}
