import proto from "@temporalio/proto";
import type { PollerContext } from "../../telemetry/worker-pollers.ts";

const { TASK_QUEUE_TYPE_ACTIVITY } = proto.temporal.api.enums.v1.TaskQueueType;
const LOOK_MS = 10_000;
/** A poll lasts a minute; whoever has not polled for longer has ended, or is busy with what it has. */
const RECENT_MS = 75_000;

export interface SourceShares {
  /** This process's part of a source queue's limit, from 0 to 1: one among the processes that poll it. */
  of(taskQueue: string): number;
  /** Counts the processes now. A server that does not tell leaves the shares as they were. */
  look(): Promise<void>;
  stop(): void;
}

/**
 * Divides each source's limit among the worker processes that poll its queue: a step sends several requests, so that the queue's own
 * limit, which counts steps, does not bound them. A process that has just joined is known to the others ten seconds later.
 *
 * @param identity by which the server knows this process
 */
export function shareSources(
  taskQueues: readonly string[],
  { connection, namespace, identity }: PollerContext & { readonly identity: string },
  { now = Date.now }: { readonly now?: () => number } = {},
): SourceShares {
  const others = new Map<string, number>();
  const look = async () => {
    await Promise.all(
      taskQueues.map(async (name) => {
        const { pollers } = await connection.workflowService.describeTaskQueue({
          namespace,
          taskQueue: { name },
          taskQueueType: TASK_QUEUE_TYPE_ACTIVITY,
        });
        const recent = (pollers ?? []).filter(({ lastAccessTime }) => now() - 1_000 * Number(lastAccessTime?.seconds ?? 0) < RECENT_MS);
        const processes = new Set(recent.map((poller) => poller.identity));
        processes.delete(identity);
        others.set(name, processes.size);
      }),
    ).catch(() => {});
  };
  const timer = setInterval(look, LOOK_MS);
  timer.unref();
  return {
    of: (taskQueue) => 1 / ((others.get(taskQueue) ?? 0) + 1),
    look,
    stop: () => clearInterval(timer),
  };
}
