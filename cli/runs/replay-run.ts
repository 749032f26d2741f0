import type { Client } from "@temporalio/client";
import proto from "@temporalio/proto";
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundleOption } from "@temporalio/worker";
import { projectFile } from "../../dev/project-file.ts";

export type ReplayOutcome =
  | { readonly deterministic: true; readonly events: number }
  | { readonly deterministic: false; readonly events: number; readonly reason: string };

/** One of several replayed runs. */
export type ReplayedRun = ReplayOutcome & {
  readonly type: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly status: string;
};

const { EventType } = proto.temporal.api.enums.v1;

export interface RunToReplay {
  readonly workflowId: string;
  readonly runId?: string;
}

/**
 * Replays a run's history with the workflows of this code.
 *
 * @param built the file of bundled workflows; null: they are bundled now
 * @throws {Error} if there is no such run
 */
export async function replayRun(client: Client, { workflowId, runId }: RunToReplay, built: string | null): Promise<ReplayOutcome> {
  return replayHistory(client, workflowId, runId, await workflowCode(built));
}

export interface RecentOptions {
  readonly types: readonly string[];
  /** How many closed and how many running runs of each type. */
  readonly each: number;
  /** Called after each run. */
  readonly onRun: (run: ReplayedRun) => void;
  /** Bundled workflows, or the file of them; null: this project's are bundled now. */
  readonly code: WorkflowBundleOption | string | null;
}

/**
 * Replays the newest runs of each workflow type with the workflows of this code: at most `each` closed ones and at most
 * `each` running ones.
 */
export async function replayRecent(client: Client, { types, each, onRun, code }: RecentOptions): Promise<ReplayedRun[]> {
  const workflowBundle = typeof code === "object" && code !== null ? code : await workflowCode(code);
  const replayed: ReplayedRun[] = [];
  for (const type of types) {
    for (const state of ["= 'Running'", "!= 'Running'"]) {
      const query = `WorkflowType = '${type}' AND ExecutionStatus ${state}`;
      let count = 0;
      for await (const { workflowId, runId, status } of client.workflow.list({ query, pageSize: Math.min(each, 200) })) {
        if (++count > each) break;
        const run = {
          type,
          workflowId,
          runId,
          status: status.name.toLowerCase(),
          ...(await replayHistory(client, workflowId, runId, workflowBundle)),
        };
        replayed.push(run);
        onRun(run);
      }
    }
  }
  return replayed;
}

async function workflowCode(built: string | null): Promise<WorkflowBundleOption> {
  const logger = new DefaultLogger("ERROR", () => {});
  Runtime.install({ logger, shutdownSignals: [] });
  if (built !== null) return { codePath: built };
  return bundleWorkflowCode({ workflowsPath: projectFile("workflows/index.ts"), logger });
}

async function replayHistory(
  client: Client,
  workflowId: string,
  runId: string | undefined,
  workflowBundle: WorkflowBundleOption,
): Promise<ReplayOutcome> {
  const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const events = history.events?.length ?? 0;
  // A run that no worker has picked up yet has made no decision that could differ.
  if (!history.events?.some(({ eventType }) => eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED))
    return { deterministic: true, events };
  try {
    await Worker.runReplayHistory({ workflowBundle }, history, workflowId);
    return { deterministic: true, events };
  } catch (error) {
    return { deterministic: false, events, reason: error instanceof Error ? error.message : String(error) };
  }
}
