import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from "@temporalio/worker";
import { createActivities } from "./activities/create-activities.ts";
import { createFitPool } from "./activities/training/fit-pool.ts";
import { parseSettings } from "./core/settings/parse-settings.ts";
import type { Settings } from "./core/settings.ts";
import { createSources } from "./sources/create-sources.ts";
import { openStore } from "./storage/object-store/open-store.ts";
import { assertConditionalPuts } from "./storage/registry/probe-store.ts";
import { cpuQueue, sourceQueue } from "./workflows/contract.ts";

export interface WorkerSet {
  /** Settles when every queue is polled. */
  readonly ready: Promise<void>;
  /** Settles when the workers have stopped; rejects if one fails. */
  readonly stopped: Promise<void>;
  /** Lets running steps end for a few seconds, then stops. */
  shutdown(): Promise<void>;
}

/**
 * Starts the workers of all task queues in this process: workflows and steps on the store, work on the CPU, and one
 * queue per source, whose rate limit holds over all workers.
 */
export async function startWorkers({
  settings,
  address,
  namespace,
}: {
  settings: Settings;
  address: string;
  namespace: string;
}): Promise<WorkerSet> {
  const connection = await NativeConnection.connect({ address });
  const store = openStore(settings.storeUrl, { s3Endpoint: settings.s3Endpoint });
  await assertConditionalPuts(store);
  const sources = createSources({
    binanceUrl: settings.binanceUrl,
    krakenUrl: settings.krakenUrl,
    cryptocompareUrl: settings.cryptocompareUrl,
    cryptocompareApiKey: settings.cryptocompareApiKey?.reveal() ?? null,
  });
  const cores = availableParallelism();
  const fitPool = createFitPool({ threads: cores });
  const activities = createActivities({ store, sources, settings, fitPool, codeVersion: codeVersion(), now: Date.now });
  const common: Omit<WorkerOptions, "taskQueue"> = {
    connection,
    namespace,
    shutdownGraceTime: "5 seconds",
    shutdownForceTime: "8 seconds",
    // By default heartbeats are held back for most of their timeout, and cancellations with them.
    maxHeartbeatThrottleInterval: "1 second",
  };
  const workers = await Promise.all([
    Worker.create({
      ...common,
      ...(await workflowCode()),
      taskQueue: settings.taskQueue,
      activities,
      stickyQueueScheduleToStartTimeout: "2 seconds",
    }),
    Worker.create({ ...common, taskQueue: cpuQueue(settings.taskQueue), activities, maxConcurrentActivityTaskExecutions: cores }),
    ...Object.values(sources).map((source) =>
      Worker.create({
        ...common,
        taskQueue: sourceQueue(settings.taskQueue, source.name),
        activities: { fetchPage: activities.fetchPage },
        maxTaskQueueActivitiesPerSecond: source.requestsPerSecond,
        maxConcurrentActivityTaskExecutions: Math.max(2, source.requestsPerSecond),
      }),
    ),
  ]);
  const runs = Promise.all(workers.map((worker) => worker.run()));
  const stopped = runs.then(
    async () => {
      await fitPool.close();
      await connection.close();
    },
    async (error: unknown) => {
      for (const worker of workers) if (worker.getState() === "RUNNING") worker.shutdown();
      await fitPool.close();
      throw error;
    },
  );
  stopped.catch(() => {});
  return {
    ready: Promise.resolve(),
    stopped,
    async shutdown() {
      for (const worker of workers) if (worker.getState() === "RUNNING") worker.shutdown();
      await stopped;
    },
  };
}

/** The bundle that the image was built with, or one made now: by a child, because the bundler's memory would never be given back. */
async function workflowCode(): Promise<Pick<WorkerOptions, "workflowBundle">> {
  const built = process.env.WORKFLOW_BUNDLE;
  if (built) return { workflowBundle: { codePath: built } };
  const child = fork(fileURLToPath(new URL("./scripts/bundle-workflows.mjs", import.meta.url)), {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    execArgv: [],
  });
  return new Promise((resolve, reject) => {
    child.once("message", (code: string) => resolve({ workflowBundle: { code } }));
    child.once("error", reject);
    child.once("exit", (exitCode) => reject(new Error(`the workflows could not be bundled; the bundler ended with ${exitCode}`)));
  });
}

function codeVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL("./package.json", import.meta.url), "utf8")) as { version: string };
  return version;
}

async function main(): Promise<void> {
  const settings = parseSettings(process.env);
  Runtime.install({ logger: new DefaultLogger(settings.logLevel), shutdownSignals: [] });
  const workers = await startWorkers({
    settings,
    address: settings.temporalAddress ?? "127.0.0.1:7233",
    namespace: settings.temporalNamespace,
  });
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    void workers.shutdown();
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  await workers.ready;
  process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
  await workers.stopped;
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    process.stderr.write(`worker: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
