import type { Client } from "@temporalio/client";
import { defaultPayloadConverter } from "@temporalio/common";
import type { StepHeartbeat } from "../../workflows/contract.ts";
import type { Retry } from "../progress/run-view.ts";

/** A workflow task fails now and then and succeeds when retried; from this attempt on it counts as stuck. */
const STUCK_ATTEMPTS = 3;

/** The last heartbeats of a run's unfinished steps, and which steps are being retried. */
export async function pendingSteps(client: Client, workflowId: string): Promise<{ beats: StepHeartbeat[]; retries: Retry[] }> {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  const beats: StepHeartbeat[] = [];
  const retries: Retry[] = [];
  for (const { heartbeatDetails, activityType, attempt, lastFailure } of raw.pendingActivities ?? []) {
    const payload = heartbeatDetails?.payloads?.[0];
    const beat = payload ? defaultPayloadConverter.fromPayload<Partial<StepHeartbeat> | null>(payload) : null;
    if (typeof beat?.label === "string" && typeof beat.done === "number" && typeof beat.total === "number")
      beats.push(beat as StepHeartbeat);
    if ((attempt ?? 1) > 1 && lastFailure?.message)
      retries.push({ step: activityType?.name ?? "step", attempt: attempt ?? 1, reason: lastFailure.message });
  }
  const attempt = raw.pendingWorkflowTask?.attempt ?? 1;
  if (attempt >= STUCK_ATTEMPTS) retries.push({ step: "workflow task", attempt, reason: await lastTaskFailure(client, workflowId) });
  return { beats, retries };
}

/** Why the newest workflow task failed, for example because the code no longer matches the run's history. */
async function lastTaskFailure(client: Client, workflowId: string): Promise<string> {
  const { namespace } = client.options;
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace,
    execution: { workflowId },
    maximumPageSize: 10,
  });
  const failed = history?.events?.map((event) => event.workflowTaskFailedEventAttributes?.failure?.message).find(Boolean);
  return failed ?? "workflow tasks fail; see the worker's log";
}
