import type { Worker } from "@temporalio/worker";
import { type QueuePollers, untilPolled } from "../../telemetry/worker-pollers.ts";

/** The workers of one process, one for each task queue. */
export interface WorkerSet {
  /** Settles when the server sees every queue polled; rejects if the workers end before. */
  readonly ready: Promise<void>;
  /** Settles when the workers have stopped; rejects if one fails. */
  readonly stopped: Promise<void>;
  /** Gives running steps a few seconds to end, then stops. */
  shutdown(): Promise<void>;
}

export interface RunOptions {
  readonly pollers: readonly QueuePollers[];
  readonly onStopping: () => void;
  readonly onStopped: () => Promise<void>;
}

/** Runs workers until they are shut down; if one fails, the others are shut down too. */
export function runWorkers(workers: readonly Worker[], { pollers, onStopping, onStopped }: RunOptions): WorkerSet {
  const ended = new AbortController();
  const stopAll = () => {
    onStopping();
    for (const worker of workers) if (worker.getState() === "RUNNING") worker.shutdown();
  };
  const runs = workers.map((worker) => worker.run());
  const runAll = async () => {
    try {
      await Promise.all(runs);
    } catch (error) {
      stopAll();
      await Promise.allSettled(runs);
      throw error;
    } finally {
      ended.abort(new Error("the workers have stopped"));
      await onStopped();
    }
  };
  const stopped = runAll();
  const ready = untilPolled(pollers, ended.signal);
  for (const promise of [stopped, ready]) promise.catch(() => {});
  return {
    ready,
    stopped,
    async shutdown() {
      stopAll();
      await stopped;
    },
  };
}
