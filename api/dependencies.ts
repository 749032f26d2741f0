import type { ApiMetrics } from "../telemetry/api-metrics.ts";
import type { Tracing } from "../telemetry/tracing.ts";
import type { LiveRegistry } from "./served/live-registry.ts";

/** What the API needs from whoever starts it. */
export interface ApiDependencies {
  readonly registry: LiveRegistry;
  /** The wall clock, ms since the epoch. */
  readonly now: () => number;
  readonly codeVersion: string;
  /** Address of a run's page in the Temporal Web UI; null if it is unknown. */
  readonly runUrl?: (run: { readonly id: string; readonly runId: string }) => string | null;
  /** Called with errors that no route expects. */
  readonly onError?: (error: Error) => void;
  /** Without it nothing is counted, and there is no /metrics. */
  readonly metrics?: ApiMetrics;
  readonly tracing?: Tracing | null;
}
