import type { REQUEST_LIMITS } from "../core/vocabulary/request-limits.ts";
import type { ApiMetrics } from "../telemetry/api-metrics.ts";
import type { Tracing } from "../telemetry/tracing.ts";
import type { Edition } from "./answers/edition.ts";
import type { CheckerBundle } from "./checker-bundle.ts";
import type { RunDesk } from "./run-desk.ts";
import type { CandleDaysReader } from "./served/candle-days.ts";
import type { HistoryReader } from "./served/coin-history.ts";
import type { LiveRegistry } from "./served/live-registry.ts";
import type { ManifestArchive } from "./served/manifest-archive.ts";

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
  /** Without it, pages say that predictions can't be checked in the browser here. */
  readonly checker?: CheckerBundle;
  readonly limits?: Partial<ApiLimits>;
  /** What `POST /reload` asks for; null: everyone may. */
  readonly token?: string | null;
  /** Lists and starts runs, for who has the token; without a token nobody does. */
  readonly runs?: RunDesk | null;
  /** What every path begins with for clients, as `/prod`; empty: nothing. */
  readonly basePath?: string;
  /** True once the service has been asked to stop. */
  readonly isDraining?: () => boolean;
}

/** Limits that hold for every request, whatever server listens. */
export type ApiLimits = { readonly [Name in keyof typeof REQUEST_LIMITS]: number };

/** What routes are made from. */
export interface RouteDependencies extends ApiDependencies {
  readonly limits: ApiLimits;
  readonly edition: () => Edition;
  readonly archive: ManifestArchive;
  readonly history: HistoryReader;
  readonly days: CandleDaysReader;
}
