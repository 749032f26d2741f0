import { Context } from "@temporalio/activity";
import type { StepHeartbeat } from "../workflows/contract.ts";

/** A cancellation comes back with a heartbeat, so it is noticed this late at most. */
const BEAT_MS = 1_000;

/** What a running activity has at hand: its attempt, its cancellation, and a way to say how far it is. */
export interface Run {
  /** 1 at first */
  readonly attempt: number;
  readonly signal: AbortSignal;
  /** What the attempt before reported last; null at first. */
  readonly lastReport: StepHeartbeat | null;
  report(step: StepHeartbeat): void;
}

/** Runs an activity's work with a heartbeat every second, so that a dead worker is noticed soon. */
export async function withHeartbeat<T>(work: (run: Run) => Promise<T>): Promise<T> {
  const context = Context.current();
  const lastReport = (context.info.heartbeatDetails as StepHeartbeat | undefined) ?? null;
  let latest = lastReport;
  const timer = setInterval(() => context.heartbeat(latest ?? undefined), BEAT_MS);
  const run: Run = {
    attempt: context.info.attempt,
    signal: context.cancellationSignal,
    lastReport,
    report: (step) => {
      latest = step;
      context.heartbeat(step);
    },
  };
  try {
    return await work(run);
  } finally {
    clearInterval(timer);
  }
}
