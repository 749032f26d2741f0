import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from "@temporalio/worker";
import { createActivities } from "./activities/create-activities.ts";
import { QUEUE_KINDS, type QueueKind, type TaskQueue, taskQueues } from "./activities/task-queues.ts";
import { createFitPool } from "./activities/train/fit-pool.ts";
import { deploymentVersion, parseWorkerArguments, WORKER_HELP } from "./cli/worker-arguments.ts";
import { parseSettings } from "./settings/parse-settings.ts";
import type { Settings } from "./settings/settings.ts";
import { configuredServer, plainServer, type TemporalServer, unreachable } from "./settings/temporal-server.ts";
import { createSources } from "./sources/create-sources.ts";
import { openStore } from "./storage/object-store/open-store.ts";
import { assertConditionalPuts } from "./storage/registry/probe-store.ts";
import { readPointer } from "./storage/registry/reader.ts";
import { startHealthServer } from "./telemetry/health-server.ts";
import { workerChecks } from "./telemetry/worker-checks.ts";
import { metricsOptions } from "./telemetry/worker-metrics.ts";
import { type QueuePollers, queuePollers, untilPolled } from "./telemetry/worker-pollers.ts";
import { startWorkerTelemetry } from "./telemetry/worker-telemetry.ts";

export interface StartOptions {
  readonly settings: Settings;
  readonly server: TemporalServer;
  readonly queues?: readonly QueueKind[];
}

/** The workers of one process, one for each task queue. */
export interface WorkerSet {
  /** Settles when the server sees every queue polled; rejects if the workers end before. */
  readonly ready: Promise<void>;
  /** Settles when the workers have stopped; rejects if one fails. */
  readonly stopped: Promise<void>;
  /** Gives running steps a few seconds to end, then stops. */
  shutdown(): Promise<void>;
}

/** Starts a worker for each task queue of the given kinds, in this process. */
export async function startWorkers({ settings, server, queues = QUEUE_KINDS }: StartOptions): Promise<WorkerSet> {
  const { workerHealthAddress, taskQueue, storeUrl, s3Endpoint } = settings;
  const { namespace } = server;
  const health = workerHealthAddress ? await startHealthServer(workerHealthAddress, { setting: "WORKER_HEALTH_ADDRESS" }) : null;
  const connection = await NativeConnection.connect(server.connection).catch((cause: unknown) => {
    throw unreachable(server.address, cause);
  });
  const telemetry = await startWorkerTelemetry(settings);
  const store = openStore(storeUrl, { s3Endpoint });
  await assertConditionalPuts(store);
  const sources = telemetry.sources(
    createSources({
      binanceUrl: settings.binanceUrl,
      krakenUrl: settings.krakenUrl,
      cryptocompareUrl: settings.cryptocompareUrl,
      cryptocompareApiKey: settings.cryptocompareApiKey?.reveal() ?? null,
    }),
  );
  const cores = availableParallelism();
  const fitPool = createFitPool({ threads: cores });
  const activities = createActivities({
    store: telemetry.store(store),
    sources,
    settings,
    fitPool,
    codeVersion: codeVersion(),
    now: Date.now,
    metrics: telemetry.metrics,
  });
  const common = { ...telemetry.workerOptions, ...versioning(settings), ...SHUTDOWN_AND_HEARTBEATS, connection, namespace };
  const code = queues.includes("workflow") ? await workflowCode(settings.workflowBundle, telemetry.workflowInterceptors) : {};
  const served = queues.flatMap((kind) => taskQueues(kind, { taskQueue, activities, sources, cores }));
  const workers = await Promise.all(served.map((queue) => Worker.create({ ...common, ...queueOptions(queue, code) })));
  const pollers = workers.map((worker) => queuePollers(worker, { connection, namespace }));
  const set = runWorkers(workers, {
    pollers,
    onStopping: () => health?.stopping(),
    async onStopped() {
      await fitPool.close();
      await telemetry.shutdown();
      await health?.close();
      await connection.close();
    },
  });
  const assertFitThread = queues.includes("cpu") ? fitPool.assertAlive : null;
  health?.started(workerChecks({ pollers, connection, readStore: () => readPointer(store), assertFitThread }));
  return set;
}

const SHUTDOWN_AND_HEARTBEATS = {
  shutdownGraceTime: "5 seconds",
  shutdownForceTime: "8 seconds",
  // By default heartbeats are held back for most of their timeout, and cancellations with them.
  maxHeartbeatThrottleInterval: "1 second",
} satisfies Partial<WorkerOptions>;

/** A run ends on the version that it started with; a backfill moves to the newest when it continues as new. */
function versioning(settings: Settings): Partial<WorkerOptions> {
  const version = deploymentVersion(settings);
  if (version === null) return {};
  return { workerDeploymentOptions: { useWorkerVersioning: true, version, defaultVersioningBehavior: "PINNED" } };
}

interface RunOptions {
  readonly pollers: readonly QueuePollers[];
  readonly onStopping: () => void;
  readonly onStopped: () => Promise<void>;
}

/** Runs workers until they are shut down; if one fails, the others are shut down too. */
function runWorkers(workers: readonly Worker[], { pollers, onStopping, onStopped }: RunOptions): WorkerSet {
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

function queueOptions(
  { name, hasWorkflows, activities, atOnce, perSecond }: TaskQueue,
  code: Pick<WorkerOptions, "workflowBundle">,
): Omit<WorkerOptions, "connection"> {
  return {
    taskQueue: name,
    activities,
    ...(hasWorkflows && { ...code, stickyQueueScheduleToStartTimeout: "2 seconds" }),
    ...(atOnce !== undefined && { maxConcurrentActivityTaskExecutions: atOnce }),
    ...(perSecond !== undefined && { maxTaskQueueActivitiesPerSecond: perSecond }),
  };
}

/** The prebuilt bundle, or one made now: by a child process, because the bundler's memory would never be freed. */
async function workflowCode(built: string | null, interceptors: readonly string[]): Promise<Pick<WorkerOptions, "workflowBundle">> {
  if (built !== null) return { workflowBundle: { codePath: built } };
  const child = fork(fileURLToPath(new URL("./scripts/bundle-workflows.mjs", import.meta.url)), interceptors, {
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
  const { queues, help } = parseWorkerArguments(process.argv.slice(2));
  if (help) {
    process.stdout.write(WORKER_HELP);
    return;
  }
  const settings = parseSettings(process.env);
  const server = configuredServer(settings, process.env) ?? plainServer(settings.temporalNamespace);
  Runtime.install({ logger: new DefaultLogger(settings.logLevel), shutdownSignals: [], ...metricsOptions(settings.workerMetricsAddress) });
  const workers = await startWorkers({ settings, server, queues });
  let isStopping = false;
  const stop = () => {
    isStopping = true;
    workers.shutdown().catch(() => {});
  };
  for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, stop);
  await Promise.race([workers.ready, workers.stopped]);
  if (!isStopping) process.stdout.write(`${JSON.stringify({ ready: true, queues })}\n`);
  await workers.stopped;
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    process.stderr.write(`worker: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
