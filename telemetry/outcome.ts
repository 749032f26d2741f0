import { ApplicationFailure, CancelledFailure } from "@temporalio/common";
import { CandlecastError } from "../core/vocabulary/errors.ts";

/** The outcome of a failure as a label with few values: the type of one of the project's errors, `cancelled` or `other`. */
export function outcomeOf(error: unknown): string {
  if (error instanceof CancelledFailure || (error instanceof Error && error.name === "AbortError")) return "cancelled";
  if (error instanceof CandlecastError) return error.name;
  return (error instanceof ApplicationFailure && error.type) || "other";
}
