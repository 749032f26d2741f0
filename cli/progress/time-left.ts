/** Work done at one moment. */
export interface WorkSample {
  /** ms since the epoch */
  readonly at: number;
  readonly done: number;
  readonly total: number;
}

/** A shorter observation is no basis for an estimate. */
const LEAST_MS = 2_000;

/**
 * Time left at the pace since the first sample with the same total.
 *
 * @param samples oldest first
 * @returns ms; null while the pace is unknown
 */
export function timeLeft(samples: readonly WorkSample[]): number | null {
  const last = samples.at(-1);
  if (!last) return null;
  const first = samples.find(({ total }) => total === last.total) ?? last;
  const done = last.done - first.done;
  const elapsed = last.at - first.at;
  if (done <= 0 || elapsed < LEAST_MS) return null;
  return ((last.total - last.done) * elapsed) / done;
}
