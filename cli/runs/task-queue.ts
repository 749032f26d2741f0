import proto from "@temporalio/proto";
import { queueNames } from "../../core/vocabulary/queue-names.ts";
import { pause } from "../../dev/processes/pause.ts";
import type { TemporalAccess } from "../../dev/temporal/connect.ts";
import type { Settings } from "../../settings/settings.ts";
import { createSources } from "../../sources/create-sources.ts";
import { WORKER_WAIT_MEMO } from "../../workflows/contract.ts";

type Access = Pick<TemporalAccess, "client" | "namespace">;

const { TASK_QUEUE_TYPE_ACTIVITY, TASK_QUEUE_TYPE_WORKFLOW } = proto.temporal.api.enums.v1.TaskQueueType;
const SOURCES = Object.keys(createSources({ cryptocompareApiKey: null }));
const FIRST_LOOK_MS = 5_000;
const LOOK_EVERY_MS = 30_000;
/** Pollers of before are not counted. A poll is held for up to a minute, and the server remembers a poller for five, also one that is gone. */
const LONGEST_MEMORY_MS = 5 * 60_000;
/** Runs under way that are looked at for steps at work. */
const MOST_RUNS = 20;

type Queues = Pick<Settings, "taskQueue" | "workerWaitSeconds">;

/** The memo of a run that is started. */
export function runMemo({ workerWaitSeconds }: Queues): Readonly<Record<string, number>> {
  return { [WORKER_WAIT_MEMO]: workerWaitSeconds };
}

/** The queues of this project's workers that no worker polls. A worker whose slots are all busy polls none of its own. */
export async function queuesWithoutWorker({ client, namespace }: Access, { taskQueue, workerWaitSeconds }: Queues): Promise<string[]> {
  const since = Date.now() - Math.min(workerWaitSeconds * 1_000, LONGEST_MEMORY_MS);
  const polled = await Promise.all(
    queueNames(taskQueue, SOURCES).map(async (name) => {
      const types = name === taskQueue ? [TASK_QUEUE_TYPE_WORKFLOW, TASK_QUEUE_TYPE_ACTIVITY] : [TASK_QUEUE_TYPE_ACTIVITY];
      const states = types.map(async (taskQueueType) => {
        const { pollers } = await client.workflowService.describeTaskQueue({ namespace, taskQueue: { name }, taskQueueType });
        return (pollers ?? []).some(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1_000 > since);
      });
      return (await Promise.all(states)).every(Boolean) ? [] : [name];
    }),
  );
  return polled.flat();
}

/** Whether some worker is at a step of a run, and may therefore not poll. */
export async function isWorkerBusy({ client, namespace }: Access): Promise<boolean> {
  let seen = 0;
  for await (const { workflowId, runId } of client.workflow.list({ query: "ExecutionStatus = 'Running'", pageSize: MOST_RUNS })) {
    if (++seen > MOST_RUNS) break;
    const { pendingActivities } = await client.workflowService.describeWorkflowExecution({ namespace, execution: { workflowId, runId } });
    const started = proto.temporal.api.enums.v1.PendingActivityState.PENDING_ACTIVITY_STATE_STARTED;
    if ((pendingActivities ?? []).some(({ state }) => state === started)) return true;
  }
  return false;
}

/** A sentence that names the queues without a worker; null where each has one, or may have. */
export async function missingWorkers(access: Access, settled: Queues): Promise<string | null> {
  const queues = await queuesWithoutWorker(access, settled);
  if (queues.length === 0) return null;
  // The workflows' queue has short steps only, so that its pollers are seldom all busy.
  if (!queues.includes(settled.taskQueue) && (await isWorkerBusy(access))) return null;
  return `no worker polls task queue ${queues.join(", ")} in namespace ${access.namespace}; start one with \`npm run worker\``;
}

/** Notes, while a command waits for its run, which queues no worker polls, and when all have one again. */
export async function watchWorkers(access: Access, settled: Queues, note: (text: string) => void, signal: AbortSignal): Promise<void> {
  let told: string | null = null;
  for (let waitMs = FIRST_LOOK_MS; ; waitMs = LOOK_EVERY_MS) {
    await pause(waitMs, signal);
    if (signal.aborted) return;
    const missing = await missingWorkers(access, settled).catch(() => told);
    if (missing !== told && !signal.aborted) note(missing ?? "every task queue has a worker again");
    told = missing;
  }
}
