import type { MetricMeter } from "@temporalio/common";
import type { RuntimeOptions } from "@temporalio/worker";
import type { CandleCounts } from "../core/vocabulary/ingest-counts.ts";
import { METRICS, type MetricSpec } from "./metrics-catalog.ts";

/** What the worker measures. Temporal's SDK keeps it and exposes it together with its own metrics. */
export interface WorkerMetrics {
  /** Counts the rows of a page by what became of them. */
  candles(source: string, counts: CandleCounts): void;
  /** Counts the forecasts of a published manifest. */
  forecastsKept(counts: { readonly given: number; readonly withheld: number }): void;
  /** Counts scored forecasts, and says how many manifests wait for their candles. */
  outcomes(counts: { readonly scored: number; readonly rescored: number; readonly open: number }): void;
  activity(activityType: string, outcome: string, seconds: number): void;
  sourceRequest(source: string, outcome: string): void;
  /** Starts the source's counters at 0, so that Prometheus sees its first failure as an increase. */
  expectSource(source: string): void;
}

const EXPECTED_OUTCOMES = ["ok", "SourceUnavailable", "RateLimited", "Unauthorized", "RestrictedLocation"] as const;

/** The SDK's own buckets end at 1 s, too early for slow tasks. */
const WORKFLOW_TASK_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 7.5, 10, 30, 60];

/** For `Runtime.install`: the SDK's metrics and ours at one address; without an address, none are kept. */
export function metricsOptions(address: string | null): Pick<RuntimeOptions, "telemetryOptions"> {
  if (address === null) return {};
  const histograms = Object.values<MetricSpec>(METRICS).flatMap(({ name, buckets }) =>
    buckets ? [[name, [...buckets]] as [string, number[]]] : [],
  );
  return {
    telemetryOptions: {
      metrics: {
        attachServiceName: false,
        prometheus: {
          bindAddress: address,
          countersTotalSuffix: true,
          unitSuffix: true,
          useSecondsForDurations: true,
          histogramBucketOverrides: { ...Object.fromEntries(histograms), workflow_task_execution_latency: WORKFLOW_TASK_SECONDS },
        },
      },
    },
  };
}

export function createWorkerMetrics(meter: MetricMeter): WorkerMetrics {
  // The runtime adds the suffix.
  const counter = ({ name, help }: MetricSpec) => meter.createCounter(name.replace(/_total$/, ""), undefined, help);
  const duration = meter.createHistogram(METRICS.activityDuration.name, "float", undefined, METRICS.activityDuration.help);
  const requests = counter(METRICS.sourceRequests);
  const candles = counter(METRICS.candles);
  const kept = counter(METRICS.forecastsKept);
  const scored = counter(METRICS.forecastsScored);
  const open = meter.createGauge(METRICS.openManifests.name, "int", undefined, METRICS.openManifests.help);
  const count = (n: number, source: string, outcome: string, reason: string) => {
    if (n > 0) candles.add(n, { source, outcome, reason });
  };
  return {
    activity: (activity_type, outcome, seconds) => duration.record(seconds, { activity_type, outcome }),
    expectSource(source) {
      for (const outcome of EXPECTED_OUTCOMES) requests.add(0, { source, outcome });
    },
    forecastsKept({ given, withheld }) {
      kept.add(given, { outcome: "given" });
      kept.add(withheld, { outcome: "withheld" });
    },
    outcomes(counts) {
      scored.add(counts.scored, { scoring: "first" });
      scored.add(counts.rescored, { scoring: "again" });
      open.set(counts.open);
    },
    sourceRequest: (source, outcome) => requests.add(1, { source, outcome }),
    candles(source, { added, revised, dropped, rejected }: CandleCounts) {
      count(added, source, "added", "");
      count(revised, source, "revised", "");
      for (const [reason, n] of Object.entries(dropped)) count(n, source, "dropped", reason);
      for (const [reason, n] of Object.entries(rejected)) count(n, source, "rejected", reason);
    },
  };
}
