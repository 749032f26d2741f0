import { randomUUID } from "node:crypto";
import type { TemporalAccess } from "../../dev/temporal/connect.ts";
import type { Settings } from "../../settings/settings.ts";
import { BACKFILL_PRIORITY, type BackfillInput, WORKFLOW_TYPES } from "../../workflows/contract.ts";
import type { StartedRun } from "./run-pipeline.ts";
import { runMemo } from "./task-queue.ts";

type StartSettings = Pick<Settings, "taskQueue" | "workerWaitSeconds" | "interval">;

/** Starts a backfill; its id contains the time. */
export async function startBackfill(
  { client }: Pick<TemporalAccess, "client">,
  settings: StartSettings,
  input: BackfillInput,
): Promise<StartedRun> {
  const workflowId = `backfill-${new Date().toISOString()}-${randomUUID().slice(0, 4)}`;
  const range = [input.from && `from ${input.from}`, input.to && `to ${input.to}`].filter(Boolean).join(" ");
  const { firstExecutionRunId: runId } = await client.workflow.start(WORKFLOW_TYPES.backfill, {
    taskQueue: settings.taskQueue,
    workflowId,
    args: [input],
    memo: runMemo(settings),
    priority: { priorityKey: BACKFILL_PRIORITY },
    staticSummary: `${input.symbols.slice(0, 8).join(", ")} ${input.interval ?? settings.interval} ${range}`.trim(),
    staticDetails: "Fetches candles that are missing, stale or failed before, window by window. Trains nothing. Pipeline runs go first.",
  });
  return { workflowId, runId };
}
