import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { DefaultLogger, NativeConnection, Runtime, Worker } from "@temporalio/worker";
import { createActivities } from "./activities/create-activities.ts";
import { QUEUE_KINDS, type QueueKind, taskQueues } from "./activities/task-queues.ts";
import { createFitPool } from "./activities/train/fit-pool.ts";
import { growHeapSlowly } from "./cli/worker/grow-heap-slowly.ts";
import { runWorkers, type WorkerSet } from "./cli/worker/run-workers.ts";
import { type SourceShares, shareSources } from "./cli/worker/source-shares.ts";
import { parseWorkerArguments, WORKER_HELP } from "./cli/worker/worker-arguments.ts";
import { deploymentVersion, queueOptions } from "./cli/worker/worker-options.ts";
import { workflowCode } from "./cli/worker/workflow-code.ts";
import { sourceQueue } from "./core/vocabulary/queue-names.ts";
import { parseSettings } from "./settings/parse-settings.ts";
import type { Settings } from "./settings/settings.ts";
import { configuredServer, plainServer, type TemporalServer, unreachable } from "./settings/temporal-server.ts";
import { createSources } from "./sources/create-sources.ts";
import { useProxy } from "./sources/proxy.ts";
import { openStore } from "./storage/object-store/open-store.ts";
import { assertConditionalPuts } from "./storage/registry/probe-store.ts";
import { readPointer } from "./storage/registry/reader.ts";
import { startHealthServer } from "./telemetry/health-server.ts";
import { workerChecks } from "./telemetry/worker-checks.ts";
import { metricsOptions } from "./telemetry/worker-metrics.ts";
import { queuePollers } from "./telemetry/worker-pollers.ts";
import { startWorkerTelemetry } from "./telemetry/worker-telemetry.ts";

export interface StartOptions {
  readonly settings: Settings;
  readonly server: TemporalServer;
  readonly queues?: readonly QueueKind[];
}

/** Starts a worker for each task queue of the given kinds, in this process. */
export async function startWorkers({ settings, server, queues = QUEUE_KINDS }: StartOptions): Promise<WorkerSet> {
  const { workerHealthAddress, taskQueue, storeUrl, s3Endpoint } = settings;
  const { namespace } = server;
  const health = workerHealthAddress ? await startHealthServer(workerHealthAddress, { setting: "WORKER_HEALTH_ADDRESS" }) : null;
  const telemetry = await startWorkerTelemetry(settings);
  // Begun before anything is waited for, because it takes the longest; a failure is told where the code is needed.
  const preparing = queues.includes("workflow") ? workflowCode(settings.workflowBundle, telemetry.workflowInterceptors) : null;
  preparing?.catch(() => {});
  const connection = await NativeConnection.connect(server.connection).catch((cause: unknown) => {
    throw unreachable(server.address, cause);
  });
  const store = openStore(storeUrl, { s3Endpoint });
  await assertConditionalPuts(store);
  let shares: SourceShares | null = null;
  const sources = telemetry.sources(
    createSources({
      binanceUrl: settings.binanceUrl,
      binancePerSecond: settings.binancePerSecond,
      krakenUrl: settings.krakenUrl,
      cryptocompareUrl: settings.cryptocompareUrl,
      cryptocompareApiKey: settings.cryptocompareApiKey?.reveal() ?? null,
      share: (source) => shares?.of(sourceQueue(taskQueue, source)) ?? 1,
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
  const version = deploymentVersion(settings);
  const code = (await preparing) ?? {};
  const served = queues.flatMap((kind) => taskQueues(kind, { taskQueue, activities, sources, cores }));
  const workers = await Promise.all(
    served.map((queue) => Worker.create({ ...telemetry.workerOptions, ...queueOptions(queue, { version, code }), connection, namespace })),
  );
  const pollers = workers.map((worker) => queuePollers(worker, { connection, namespace }));
  if (queues.includes("sources")) {
    const names = Object.keys(sources).map((source) => sourceQueue(taskQueue, source));
    shares = shareSources(names, { connection, namespace, identity: workers[0].options.identity });
    await shares.look();
  }
  const set = runWorkers(workers, {
    pollers,
    onStopping: () => health?.stopping(),
    async onStopped() {
      shares?.stop();
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

function codeVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL("./package.json", import.meta.url), "utf8")) as { version: string };
  return version;
}

async function main(): Promise<void> {
  growHeapSlowly();
  const { queues, help } = parseWorkerArguments(process.argv.slice(2));
  if (help) {
    process.stdout.write(WORKER_HELP);
    return;
  }
  const settings = parseSettings(process.env);
  const server = configuredServer(settings, process.env) ?? plainServer(settings.temporalNamespace);
  const proxy = useProxy(process.env);
  if (proxy) process.stderr.write(`worker: sources are asked through the proxy ${proxy}\n`);
  Runtime.install({ logger: new DefaultLogger(settings.logLevel), shutdownSignals: [], ...metricsOptions(settings.workerMetricsAddress) });
  const workers = await startWorkers({ settings, server, queues });
  let isStopping = false;
  const stop = () => {
    isStopping = true;
    workers.shutdown().catch(() => {});
  };
  for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, stop);
  await workers.ready.catch(() => workers.stopped);
  if (!isStopping) process.stdout.write(`${JSON.stringify({ ready: true, queues })}\n`);
  await workers.stopped;
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    process.stderr.write(`worker: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
