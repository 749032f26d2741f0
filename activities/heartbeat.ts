import { Context } from "@temporalio/activity";

/** A cancellation comes back with a heartbeat, so it is noticed this late at most. */
const BEAT_MS = 1_000;

/** Heartbeat details of an activity that takes long: `done` of `total` steps, such as folds. */
export interface StepHeartbeat {
  readonly label: string;
  readonly done: number;
  readonly total: number;
}

/** What a running activity has at hand: its attempt, its cancellation, and a way to show its progress. */
export interface Run {
  /** 1 at first */
  readonly attempt: number;
  /** Attempts that the step has in all; infinite where it is tried for ever. */
  readonly attempts: number;
  readonly signal: AbortSignal;
  /** The last progress of the attempt before; null at first. */
  readonly lastProgress: StepHeartbeat | null;
  /** @param options.later sends it with the next regular heartbeat, for steps that are often over before one */
  progress(step: StepHeartbeat, options?: { readonly later?: boolean }): void;
}

/** Runs an activity's work with a heartbeat every second, so that a dead worker is noticed soon. */
export async function withHeartbeat<T>(work: (run: Run) => Promise<T>): Promise<T> {
  const context = Context.current();
  const lastProgress = (context.info.heartbeatDetails as StepHeartbeat | undefined) ?? null;
  let latest = lastProgress;
  const timer = setInterval(() => context.heartbeat(latest ?? undefined), BEAT_MS);
  const run: Run = {
    attempt: context.info.attempt,
    attempts: context.info.retryPolicy?.maximumAttempts || Number.POSITIVE_INFINITY,
    signal: context.cancellationSignal,
    lastProgress,
    progress: (step, { later = false } = {}) => {
      latest = step;
      if (!later) context.heartbeat(step);
    },
  };
  try {
    return await work(run);
  } finally {
    clearInterval(timer);
  }
}
