import { fileURLToPath } from "node:url";
import { Runtime, type WorkerOptions } from "@temporalio/worker";
import type { Settings } from "../settings/settings.ts";
import type { CandleSource } from "../sources/candle-source.ts";
import type { ObjectStore } from "../storage/object-store/object-store.ts";
import { observeActivities } from "./observe-activities.ts";
import { observeSources } from "./observe-sources.ts";
import { observeStore } from "./observe-store.ts";
import { startTracing } from "./tracing.ts";
import { createWorkerMetrics, type WorkerMetrics } from "./worker-metrics.ts";
import { workflowSpanSinks } from "./workflow-spans.ts";

export interface WorkerTelemetry {
  readonly metrics: WorkerMetrics;
  /** For every worker of the process. */
  readonly workerOptions: Pick<WorkerOptions, "interceptors" | "sinks">;
  /** Interceptor modules to bundle with the workflows. */
  readonly workflowInterceptors: readonly string[];
  sources(sources: Readonly<Record<string, CandleSource>>): Readonly<Record<string, CandleSource>>;
  store(store: ObjectStore): ObjectStore;
  /** Sends the remaining spans. */
  shutdown(): Promise<void>;
}

/** A prebuilt bundle must contain this module for its workflows to be traced. */
export const WORKFLOW_INTERCEPTORS: string = fileURLToPath(new URL("./workflow-interceptors.ts", import.meta.url));

/**
 * Starts a worker's traces and metrics, as far as they are configured. Metrics need a runtime that was installed with
 * `metricsOptions` before.
 */
export async function startWorkerTelemetry({ traces }: Pick<Settings, "traces">): Promise<WorkerTelemetry> {
  const tracing = await startTracing(traces, { service: "candlecast-worker" });
  const metrics = createWorkerMetrics(Runtime.instance().metricMeter);
  return {
    metrics,
    workerOptions: {
      interceptors: { activity: [observeActivities({ metrics, tracing })] },
      sinks: workflowSpanSinks(tracing),
    },
    workflowInterceptors: tracing ? [WORKFLOW_INTERCEPTORS] : [],
    sources: (sources) => observeSources(sources, { metrics, tracing }),
    store: (store) => observeStore(store, tracing),
    shutdown: async () => tracing?.shutdown(),
  };
}
