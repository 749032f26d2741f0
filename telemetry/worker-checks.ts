import type { NativeConnection } from "@temporalio/worker";
import { cached, type HealthCheck } from "./health-server.ts";
import type { QueuePollers } from "./worker-pollers.ts";

export interface WorkerParts {
  readonly pollers: readonly QueuePollers[];
  readonly connection: Pick<NativeConnection, "workflowService">;
  /** Reads something small from the store. */
  readonly readStore: () => Promise<unknown>;
  /** Asserts that a fit thread lives; null where this worker trains nothing. */
  readonly assertFitThread: (() => Promise<void>) | null;
}

/** However often a probe comes, server, store and threads are asked once in so long. */
const EVERY_MS = 10_000;
const WITHIN_MS = 3_000;

/** What has to hold for a worker to be ready: it polls every queue, reaches Temporal and the store, and can train. */
export function workerChecks({ pollers, connection, readStore, assertFitThread }: WorkerParts): HealthCheck[] {
  const rarely = (check: HealthCheck) => cached(check, { everyMs: EVERY_MS, withinMs: WITHIN_MS });
  const queues = pollers.map(({ taskQueue, assertPolled }) => ({
    name: `queue ${taskQueue}`,
    async check() {
      await assertPolled();
      return "polled";
    },
  }));
  const temporal = rarely({
    name: "Temporal",
    async check() {
      await connection.workflowService.getSystemInfo({});
      return "answers";
    },
  });
  const store = rarely({
    name: "store",
    async check() {
      await readStore();
      return "readable";
    },
  });
  const threads = assertFitThread && {
    name: "fit threads",
    async check() {
      await assertFitThread();
      return "alive";
    },
  };
  return [...queues, temporal, store, ...(threads ? [rarely(threads)] : [])];
}
