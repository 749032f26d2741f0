import proto from "@temporalio/proto";
import type { NativeConnection, Worker } from "@temporalio/worker";

const { TASK_QUEUE_TYPE_ACTIVITY, TASK_QUEUE_TYPE_WORKFLOW } = proto.temporal.api.enums.v1.TaskQueueType;
const POLL_MS = 50;
/** gRPC's codes for "you may not ask this" and "this server doesn't know that question". */
const REFUSALS: readonly unknown[] = [7, 12];

/** The pollers of one worker: it asks one task queue for workflow tasks, for activities, or for both. */
export interface QueuePollers {
  readonly taskQueue: string;
  /** @throws {Error} saying why the queue isn't polled */
  assertPolled(): Promise<void>;
}

export interface PollerContext {
  readonly connection: Pick<NativeConnection, "workflowService">;
  readonly namespace: string;
}

/**
 * Whether a worker polls. Its own status says whether it runs. That its polls arrive is confirmed by the server once: a
 * worker whose slots are all busy stops polling, and the server forgets its pollers after some minutes. Where the server
 * refuses to list pollers, the worker's own status has to do.
 */
export function queuePollers(worker: Worker, { connection, namespace }: PollerContext): QueuePollers {
  const { taskQueue, identity, workflowBundle, activities } = worker.options;
  const unconfirmed = new Map([
    ...(workflowBundle ? [[TASK_QUEUE_TYPE_WORKFLOW, "workflow tasks"] as const] : []),
    ...(activities.size > 0 ? [[TASK_QUEUE_TYPE_ACTIVITY, "activities"] as const] : []),
  ]);
  const isListed = async (taskQueueType: number): Promise<boolean> => {
    try {
      const { pollers } = await connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name: taskQueue }, taskQueueType });
      return (pollers ?? []).some((poller) => poller.identity === identity);
    } catch (error) {
      if (REFUSALS.includes((error as { readonly code?: unknown }).code)) return true;
      throw error;
    }
  };
  return {
    taskQueue,
    async assertPolled() {
      const { runState, workflowPollerState, activityPollerState } = worker.getStatus();
      if (runState !== "RUNNING") throw new Error(`its worker is ${runState.toLowerCase()}`);
      if (workflowBundle && workflowPollerState !== "POLLING")
        throw new Error(`its workflow poller is ${workflowPollerState.toLowerCase()}`);
      if (activities.size > 0 && activityPollerState !== "POLLING")
        throw new Error(`its activity poller is ${activityPollerState.toLowerCase()}`);
      for (const [type, tasks] of unconfirmed) {
        if (!(await isListed(type))) throw new Error(`the server has seen no poll for ${tasks} yet`);
        unconfirmed.delete(type);
      }
    },
  };
}

/** Settles when every queue is polled; rejects with the signal's reason if that is aborted before. */
export async function untilPolled(pollers: readonly QueuePollers[], signal: AbortSignal): Promise<void> {
  await Promise.all(
    pollers.map(async ({ assertPolled }) => {
      for (;;) {
        signal.throwIfAborted();
        try {
          return await assertPolled();
        } catch {
          await new Promise((done) => setTimeout(done, POLL_MS));
        }
      }
    }),
  );
}
