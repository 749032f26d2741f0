import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from "@temporalio/worker";
import { createActivities } from "./activities/create-activities.ts";
import { createFitPool } from "./activities/train/fit-pool.ts";
import { InvalidInputError } from "./core/vocabulary/errors.ts";
import { parseSettings } from "./settings/parse-settings.ts";
import type { Settings } from "./settings/settings.ts";
import { createSources } from "./sources/create-sources.ts";
import { openStore } from "./storage/object-store/open-store.ts";
import { assertConditionalPuts } from "./storage/registry/probe-store.ts";
import { metricsOptions } from "./telemetry/worker-metrics.ts";
import { startWorkerTelemetry } from "./telemetry/worker-telemetry.ts";
import { cpuQueue, sourceQueue } from "./workflows/contract.ts";

/** Kinds of task queues: workflows with short steps on the store, work on the CPU, requests to sources. */
export const QUEUE_KINDS = ["workflow", "cpu", "sources"] as const;
export type QueueKind = (typeof QUEUE_KINDS)[number];

/** The version of this code as a deployment knows it; null: unversioned, any worker takes any run. */
export interface DeploymentVersion {
  readonly deploymentName: string;
  readonly buildId: string;
}

export interface WorkerSet {
  /** Settles when every queue is polled. */
  readonly ready: Promise<void>;
  /** Settles when the workers have stopped; rejects if one fails. */
  readonly stopped: Promise<void>;
  /** Lets running steps end for a few seconds, then stops. */
  shutdown(): Promise<void>;
}

/**
 * Starts the workers of task queues in this process: workflows and steps on the store, work on the CPU, and one queue
 * per source, whose rate limit holds over all workers.
 */
export async function startWorkers({
  settings,
  address,
  namespace,
  queues = QUEUE_KINDS,
  version = null,
}: {
  settings: Settings;
  address: string;
  namespace: string;
  queues?: readonly QueueKind[];
  version?: DeploymentVersion | null;
}): Promise<WorkerSet> {
  const connection = await NativeConnection.connect({ address });
  const telemetry = await startWorkerTelemetry(settings);
  const bareStore = openStore(settings.storeUrl, { s3Endpoint: settings.s3Endpoint });
  await assertConditionalPuts(bareStore);
  const store = telemetry.store(bareStore);
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
  const { metrics } = telemetry;
  const activities = createActivities({ store, sources, settings, fitPool, codeVersion: codeVersion(), now: Date.now, metrics });
  const common: Omit<WorkerOptions, "taskQueue"> = {
    ...telemetry.workerOptions,
    connection,
    namespace,
    shutdownGraceTime: "5 seconds",
    shutdownForceTime: "8 seconds",
    // By default heartbeats are held back for most of their timeout, and cancellations with them.
    maxHeartbeatThrottleInterval: "1 second",
    // A run ends on the version that it began with; a backfill goes over to the newest when it continues as new.
    ...(version && {
      workerDeploymentOptions: { useWorkerVersioning: true, version, defaultVersioningBehavior: "PINNED" as const },
    }),
  };
  const options: Record<QueueKind, () => Promise<WorkerOptions[]>> = {
    workflow: async () => [
      {
        ...common,
        ...(await workflowCode(telemetry.workflowInterceptors)),
        taskQueue: settings.taskQueue,
        activities,
        stickyQueueScheduleToStartTimeout: "2 seconds",
      },
    ],
    cpu: async () => [{ ...common, taskQueue: cpuQueue(settings.taskQueue), activities, maxConcurrentActivityTaskExecutions: cores }],
    sources: async () =>
      Object.values(sources).map((source) => ({
        ...common,
        taskQueue: sourceQueue(settings.taskQueue, source.name),
        activities: { fetchPage: activities.fetchPage, rankCoins: activities.rankCoins },
        maxTaskQueueActivitiesPerSecond: source.requestsPerSecond,
        maxConcurrentActivityTaskExecutions: Math.max(2, source.requestsPerSecond),
      })),
  };
  const wanted = (await Promise.all(queues.map((kind) => options[kind]()))).flat();
  const workers = await Promise.all(wanted.map((each) => Worker.create(each)));
  const runs = Promise.all(workers.map((worker) => worker.run()));
  const stopped = runs.then(
    async () => {
      await fitPool.close();
      await telemetry.shutdown();
      await connection.close();
    },
    async (error: unknown) => {
      for (const worker of workers) if (worker.getState() === "RUNNING") worker.shutdown();
      await fitPool.close();
      await telemetry.shutdown();
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
async function workflowCode(interceptors: readonly string[]): Promise<Pick<WorkerOptions, "workflowBundle">> {
  const built = process.env.WORKFLOW_BUNDLE;
  if (built) return { workflowBundle: { codePath: built } };
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

const HELP = `Usage: node worker.ts [--queues KIND,…]

Asks for work on the task queues of the given kinds; without --queues on all of them.
  workflow   workflows, and their short steps on the store
  cpu        training and evaluation: as many steps at once as there are cores
  sources    requests for candles, one queue per source; its rate limit holds over all workers (also: io)

Settings come from the environment; \`npx candlecast doctor\` shows them. Besides:
  WORKER_BUILD_ID         makes this a versioned worker: it gets runs once this build is current or ramping
  WORKER_DEPLOYMENT_NAME  of the deployment that the build belongs to (default candlecast)
  WORKFLOW_BUNDLE         a bundle of the workflows made before
docs/operations.md tells how a new build is rolled out.
`;

/** @throws {InvalidInputError} if a kind is unknown */
export function parseQueues(text: string | undefined): readonly QueueKind[] {
  if (text === undefined) return QUEUE_KINDS;
  const kinds = text
    .split(",")
    .map((kind) => kind.trim().toLowerCase())
    .filter(Boolean)
    .map((kind) => (kind === "io" ? "sources" : kind));
  const unknown = kinds.find((kind) => !(QUEUE_KINDS as readonly string[]).includes(kind));
  if (unknown !== undefined || kinds.length === 0)
    throw new InvalidInputError(`--queues is ${JSON.stringify(text)}, but should be a list of ${QUEUE_KINDS.join(", ")}`);
  return QUEUE_KINDS.filter((kind) => kinds.includes(kind));
}

/** A worker without a build id is unversioned. */
export function deploymentVersion(env: NodeJS.ProcessEnv): DeploymentVersion | null {
  const buildId = env.WORKER_BUILD_ID?.trim();
  return buildId ? { deploymentName: env.WORKER_DEPLOYMENT_NAME?.trim() || "candlecast", buildId } : null;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { queues: { type: "string" }, help: { type: "boolean", short: "h" } } });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const queues = parseQueues(values.queues);
  const settings = parseSettings(process.env);
  Runtime.install({ logger: new DefaultLogger(settings.logLevel), shutdownSignals: [], ...metricsOptions(settings.workerMetricsAddress) });
  const workers = await startWorkers({
    settings,
    address: settings.temporalAddress ?? "127.0.0.1:7233",
    namespace: settings.temporalNamespace,
    queues,
    version: deploymentVersion(process.env),
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
  process.stdout.write(`${JSON.stringify({ ready: true, queues })}\n`);
  await workers.stopped;
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    process.stderr.write(`worker: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
