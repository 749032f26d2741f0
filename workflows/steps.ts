import { proxyActivities, workflowInfo } from "@temporalio/workflow";
import type { Activities } from "../activities/create-activities.ts";
import { NEVER_RETRIED } from "../core/vocabulary/errors.ts";
import { cpuQueue, sourceQueue } from "../core/vocabulary/queue-names.ts";
import { waitForWorker } from "./wait-for-worker.ts";

/** Short steps on the store and the settings. */
export function storeSteps() {
  const steps = proxyActivities<Activities>({
    startToCloseTimeout: "5 minutes",
    heartbeatTimeout: "15 seconds",
    retry: {
      initialInterval: "500 milliseconds",
      backoffCoefficient: 2,
      maximumInterval: "20 seconds",
      maximumAttempts: 8,
      nonRetryableErrorTypes: [...NEVER_RETRIED],
    },
  });
  return waitForWorker(steps, workflowInfo().taskQueue);
}

/** Requests to one source; its queue's rate limit holds over all workers. */
export function sourceSteps(taskQueue: string, source: string, priorityKey?: number) {
  const steps = proxyActivities<Activities>({
    taskQueue: sourceQueue(taskQueue, source),
    ...(priorityKey === undefined ? {} : { priority: { priorityKey } }),
    startToCloseTimeout: "90 seconds",
    heartbeatTimeout: "15 seconds",
    retry: {
      initialInterval: "500 milliseconds",
      backoffCoefficient: 2,
      maximumInterval: "10 seconds",
      maximumAttempts: 6,
      nonRetryableErrorTypes: [...NEVER_RETRIED],
    },
  });
  return waitForWorker(steps, sourceQueue(taskQueue, source));
}

/** Requests for all coins of a source. A run has coins to fall back on, so they are not retried for long. */
export function rankingSteps(taskQueue: string, source: string) {
  return proxyActivities<Activities>({
    taskQueue: sourceQueue(taskQueue, source),
    startToCloseTimeout: "90 seconds",
    scheduleToCloseTimeout: "5 minutes",
    heartbeatTimeout: "15 seconds",
    retry: {
      initialInterval: "500 milliseconds",
      backoffCoefficient: 2,
      maximumInterval: "10 seconds",
      maximumAttempts: 4,
      nonRetryableErrorTypes: [...NEVER_RETRIED],
    },
  });
}

/** Work that keeps cores busy. */
export function cpuSteps(taskQueue: string) {
  const steps = proxyActivities<Activities>({
    taskQueue: cpuQueue(taskQueue),
    startToCloseTimeout: "2 hours",
    heartbeatTimeout: "15 seconds",
    retry: {
      initialInterval: "1 second",
      backoffCoefficient: 2,
      maximumInterval: "1 minute",
      maximumAttempts: 5,
      nonRetryableErrorTypes: [...NEVER_RETRIED],
    },
  });
  return waitForWorker(steps, cpuQueue(taskQueue));
}
