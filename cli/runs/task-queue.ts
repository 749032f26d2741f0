import proto from "@temporalio/proto";
import type { TemporalAccess } from "../../dev/temporal/connect.ts";

const warned = new WeakSet<object>();
const WARN_AFTER_MS = 5_000;

/** Whether a worker has polled the queue within the last minutes. */
export async function hasWorker({ client, namespace }: Pick<TemporalAccess, "client" | "namespace">, taskQueue: string): Promise<boolean> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
  });
  return (pollers ?? []).length > 0;
}

/** Notes once, after some seconds, that a run waits because no worker polls its queue. */
export async function warnWithoutWorker(
  access: Pick<TemporalAccess, "client" | "namespace">,
  taskQueue: string,
  note: (text: string) => void,
): Promise<void> {
  if (warned.has(access)) return;
  warned.add(access);
  await new Promise((done) => setTimeout(done, WARN_AFTER_MS).unref());
  const present = await hasWorker(access, taskQueue).catch(() => true);
  if (!present) note(`no worker polls task queue ${taskQueue} in namespace ${access.namespace}; start one with \`npm run worker\``);
}
