import type { Client } from "@temporalio/client";
import { defaultPayloadConverter } from "@temporalio/common";
import type { StepHeartbeat } from "../../workflows/contract.ts";
import type { Retry } from "../progress/snapshot.ts";

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
  return { beats, retries };
}
