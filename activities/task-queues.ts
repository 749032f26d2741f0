import { cpuQueue, sourceQueue } from "../core/vocabulary/queue-names.ts";
import type { CandleSource } from "../sources/candle-source.ts";
import type { Activities } from "./create-activities.ts";

/** Kinds of task queues: workflows with short steps on the store, work on the CPU, requests to sources. */
export const QUEUE_KINDS = ["workflow", "cpu", "sources"] as const;
export type QueueKind = (typeof QUEUE_KINDS)[number];

/** A task queue, what is done on it, and its limits. */
export interface TaskQueue {
  readonly name: string;
  readonly hasWorkflows: boolean;
  readonly activities: Partial<Activities>;
  /** Activities at a time, of one worker; absent: Temporal's default. */
  readonly atOnce?: number;
  /** Activities per second, of all workers together. */
  readonly perSecond?: number;
}

export interface QueueContext {
  /** TEMPORAL_TASK_QUEUE: the workflows' queue, after which the others are named. */
  readonly taskQueue: string;
  readonly activities: Activities;
  readonly sources: Readonly<Record<string, CandleSource>>;
  readonly cores: number;
}

/** The task queues of a kind: one for workflows, one for the CPU, and one for each source, so that its rate limit holds over all workers. */
export function taskQueues(kind: QueueKind, { taskQueue, activities, sources, cores }: QueueContext): TaskQueue[] {
  switch (kind) {
    case "workflow":
      return [{ name: taskQueue, hasWorkflows: true, activities }];
    case "cpu":
      return [{ name: cpuQueue(taskQueue), hasWorkflows: false, activities, atOnce: cores }];
    case "sources":
      return Object.values(sources).map(({ name, requestsPerSecond }) => ({
        name: sourceQueue(taskQueue, name),
        hasWorkflows: false,
        activities: {
          fetchBatch: activities.fetchBatch,
          fetchCandles: activities.fetchCandles,
          fetchPage: activities.fetchPage,
          rankCoins: activities.rankCoins,
        },
        atOnce: Math.max(2, requestsPerSecond),
        perSecond: requestsPerSecond,
      }));
  }
}
