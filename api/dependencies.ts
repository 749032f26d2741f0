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
export interface ApiLimits {
  /** Answers may be kept by caches so long, in seconds, and never beyond the time when they change. */
  readonly cacheSeconds: number;
  /** After so many seconds without anything fresh to serve, /ready answers 503. */
  readonly unreadySeconds: number;
  /** Requests of a client per minute; 0: as many as it likes. */
  readonly requestsPerMinute: number;
  /** bytes of a request's body */
  readonly bodyBytes: number;
  /** characters of a path with its query */
  readonly urlLength: number;
  /** clients that follow events at the same time */
  readonly eventStreams: number;
}

export const DEFAULT_LIMITS: ApiLimits = {
  cacheSeconds: 300,
  unreadySeconds: 21_600,
  requestsPerMinute: 0,
  bodyBytes: 4_000_000,
  urlLength: 2_000,
  eventStreams: 200,
};

/** What routes are made from. */
export interface RouteDependencies extends ApiDependencies {
  readonly limits: ApiLimits;
  readonly edition: () => Edition;
  readonly archive: ManifestArchive;
  readonly history: HistoryReader;
  readonly days: CandleDaysReader;
}
