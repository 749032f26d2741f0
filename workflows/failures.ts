import { ActivityFailure, ApplicationFailure, CancelledFailure, ChildWorkflowFailure, TimeoutFailure } from "@temporalio/workflow";

/** The error that an activity or a child ended with, without Temporal's wrapping: its type and message. */
export function rootFailure(error: unknown): { readonly type: string; readonly message: string } {
  let inner = error;
  while ((inner instanceof ActivityFailure || inner instanceof ChildWorkflowFailure) && inner.cause) inner = inner.cause;
  if (inner instanceof ApplicationFailure) return { type: inner.type ?? "Error", message: inner.message };
  if (inner instanceof TimeoutFailure) return { type: "Timeout", message: `a step exceeded its time limit (${inner.message})` };
  if (inner instanceof CancelledFailure) return { type: "Cancelled", message: "cancelled" };
  return { type: "Error", message: inner instanceof Error ? inner.message : String(inner) };
}
