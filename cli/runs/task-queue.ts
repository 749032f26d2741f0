import proto from "@temporalio/proto";
import { queueNames } from "../../core/vocabulary/queue-names.ts";
import type { TemporalAccess } from "../../dev/temporal/connect.ts";
import { createSources } from "../../sources/create-sources.ts";

type Access = Pick<TemporalAccess, "client" | "namespace">;

const { TASK_QUEUE_TYPE_ACTIVITY, TASK_QUEUE_TYPE_WORKFLOW } = proto.temporal.api.enums.v1.TaskQueueType;
const SOURCES = Object.keys(createSources({ cryptocompareApiKey: null }));
const warned = new WeakSet<object>();
const WARN_AFTER_MS = 5_000;
/** A poll is held for up to a minute. The server remembers a poller for five, also one that is gone. */
const POLLED_WITHIN_MS = 2 * 60_000;
/** Runs under way that are looked at for steps at work. */
const MOST_RUNS = 20;

/** The queues of this project's workers that no worker polls. A worker whose slots are all busy polls none of its own. */
export async function queuesWithoutWorker({ client, namespace }: Access, taskQueue: string): Promise<string[]> {
  const polled = await Promise.all(
    queueNames(taskQueue, SOURCES).map(async (name) => {
      const types = name === taskQueue ? [TASK_QUEUE_TYPE_WORKFLOW, TASK_QUEUE_TYPE_ACTIVITY] : [TASK_QUEUE_TYPE_ACTIVITY];
      const states = types.map(async (taskQueueType) => {
        const { pollers } = await client.workflowService.describeTaskQueue({ namespace, taskQueue: { name }, taskQueueType });
        return (pollers ?? []).some(({ lastAccessTime }) => Date.now() - Number(lastAccessTime?.seconds ?? 0) * 1_000 < POLLED_WITHIN_MS);
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
export async function missingWorkers(access: Access, taskQueue: string): Promise<string | null> {
  const queues = await queuesWithoutWorker(access, taskQueue);
  if (queues.length === 0) return null;
  // The workflows' queue has short steps only, so that its pollers are seldom all busy.
  if (!queues.includes(taskQueue) && (await isWorkerBusy(access))) return null;
  return `no worker polls task queue ${queues.join(", ")} in namespace ${access.namespace}; start one with \`npm run worker\``;
}

/** Notes once, after some seconds, that a run waits because no worker polls one of its queues. */
export async function warnWithoutWorker(access: Access, taskQueue: string, note: (text: string) => void): Promise<void> {
  if (warned.has(access)) return;
  warned.add(access);
  await new Promise((done) => setTimeout(done, WARN_AFTER_MS).unref());
  const missing = await missingWorkers(access, taskQueue).catch(() => null);
  if (missing) note(missing);
}
