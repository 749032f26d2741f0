import { ApplicationFailure, ApplicationFailureCategory } from "@temporalio/common";
import { CandlecastError, CandleNotClosedYetError, NEVER_RETRIED, RateLimitedError } from "../core/vocabulary/errors.ts";

/** Longer messages are cut before they go into a run's history. */
const MAX_MESSAGE = 600;

/** The project's error as Temporal's failure: the error's name is its type, and {@link NEVER_RETRIED} decides whether it is retried. */
export function toApplicationFailure(error: unknown): unknown {
  if (!(error instanceof CandlecastError)) return error;
  return ApplicationFailure.create({
    ...failureOf(error),
    nonRetryable: !isRetried(error),
    nextRetryDelay: error instanceof RateLimitedError && error.retryAfterMs !== null ? error.retryAfterMs : undefined,
    category: error instanceof CandleNotClosedYetError ? ApplicationFailureCategory.BENIGN : undefined,
  });
}

/** Why something failed, as a value that a step may return. */
export interface Failure {
  readonly type: string;
  readonly message: string;
}

/** What a failure of this error would say. */
export function failureOf(error: unknown): Failure {
  const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
  return { type: name, message: message.slice(0, MAX_MESSAGE) };
}

/** Whether the same step may do better when it is tried again. */
export function isRetried(error: unknown): boolean {
  return !(error instanceof CandlecastError && NEVER_RETRIED.includes(error.name));
}
