import { ApplicationFailure, ApplicationFailureCategory } from "@temporalio/common";
import { CandlecastError, CandleNotClosedYetError, NEVER_RETRIED, RateLimitedError } from "../core/vocabulary/errors.ts";

/** Longer messages are cut before they go into a run's history. */
const MAX_MESSAGE = 600;

/** The project's error as Temporal's failure: the error's name is its type, and {@link NEVER_RETRIED} decides whether it is retried. */
export function toApplicationFailure(error: unknown): unknown {
  if (!(error instanceof CandlecastError)) return error;
  return ApplicationFailure.create({
    type: error.name,
    message: error.message.slice(0, MAX_MESSAGE),
    nonRetryable: NEVER_RETRIED.includes(error.name),
    nextRetryDelay: error instanceof RateLimitedError && error.retryAfterMs !== null ? error.retryAfterMs : undefined,
    category: error instanceof CandleNotClosedYetError ? ApplicationFailureCategory.BENIGN : undefined,
  });
}
