import type { Client } from "@temporalio/client";
import { defaultPayloadConverter } from "@temporalio/common";
import type { StepHeartbeat } from "../../workflows/contract.ts";
import type { Retry } from "../progress/run-view.ts";

/** Now and then a single workflow task fails by itself. */
const STUCK_ATTEMPTS = 3;

/** What a run's unfinished steps last said, and which of them are being tried again. */
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
  if (attempt >= STUCK_ATTEMPTS) retries.push({ step: "the run itself", attempt, reason: await lastTaskFailure(client, workflowId) });
  return { beats, retries };
}

/** Why the newest workflow task failed: the code no longer fits the run's history, or the server refuses what it asks for. */
async function lastTaskFailure(client: Client, workflowId: string): Promise<string> {
  const { namespace } = client.options;
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace,
    execution: { workflowId },
    maximumPageSize: 10,
  });
  const failed = history?.events?.map((event) => event.workflowTaskFailedEventAttributes?.failure?.message).find(Boolean);
  return failed ?? "its workflow tasks fail; the worker's log says why";
}
