import type { Client } from "@temporalio/client";
import { DefaultLogger, Runtime, Worker } from "@temporalio/worker";
import { projectFile } from "../project-file.ts";

export type ReplayOutcome =
  | { readonly deterministic: true; readonly events: number }
  | { readonly deterministic: false; readonly events: number; readonly reason: string };

/**
 * Plays a run's history against the workflows as they are now.
 *
 * @throws {Error} if there is no such run
 */
export async function replayRun(client: Client, workflowId: string, runId?: string): Promise<ReplayOutcome> {
  const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const events = history.events?.length ?? 0;
  Runtime.install({ logger: new DefaultLogger("ERROR", () => {}), shutdownSignals: [] });
  try {
    await Worker.runReplayHistory({ workflowsPath: projectFile("workflows/index.ts") }, history, workflowId);
    return { deterministic: true, events };
  } catch (error) {
    return { deterministic: false, events, reason: error instanceof Error ? error.message : String(error) };
  }
}
