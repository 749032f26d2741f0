/** A metric of this project, as Prometheus scrapes it. */
export interface MetricSpec {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly at: "worker" | "API";
  readonly labels: readonly string[];
  readonly help: string;
  /** Largest possible number of time series. */
  readonly bound: string;
  /** of a histogram, in seconds */
  readonly buckets?: readonly number[];
}

const STEP_SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];
const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Every metric of this project. Temporal has its own besides: `temporal_…` of the SDK, and those of the server. */
export const METRICS = {
  activityDuration: {
    name: "candlecast_activity_duration_seconds",
    type: "histogram",
    at: "worker",
    labels: ["activity_type", "outcome"],
    help: "Duration of attempts of activities, by outcome: ok, or the error's type.",
    bound: "17 steps × 22 outcomes × 15",
    buckets: STEP_SECONDS,
  },
  sourceRequests: {
    name: "candlecast_source_requests_total",
    type: "counter",
    at: "worker",
    labels: ["source", "outcome"],
    help: "Requests to sources, by outcome: ok, or the error's type (RateLimited: HTTP 429 or 418; Unauthorized: 401 or 403; RestrictedLocation: 451; SourceUnavailable: 5xx, network error or timeout).",
    bound: "5 sources × 22 outcomes",
  },
  candles: {
    name: "candlecast_candles_total",
    type: "counter",
    at: "worker",
    labels: ["source", "outcome", "reason"],
    help: "Candles received, by outcome: added or revised (reason empty), dropped or rejected (with the reason).",
    bound: "5 sources × 20 reasons",
  },
  forecastsKept: {
    name: "candlecast_forecasts_kept_total",
    type: "counter",
    at: "worker",
    labels: ["outcome"],
    help: "Forecasts that manifests were published with, of all models and baselines, by outcome: given or withheld.",
    bound: "2",
  },
  forecastsScored: {
    name: "candlecast_forecasts_scored_total",
    type: "counter",
    at: "worker",
    labels: ["scoring"],
    help: "Forecasts that were scored by their target candles: first, or again because the candle was revised.",
    bound: "2",
  },
  openManifests: {
    name: "candlecast_open_manifests",
    type: "gauge",
    at: "worker",
    labels: [],
    help: "Published manifests with target candles that have not closed, when forecasts were last scored.",
    bound: "1",
  },
  requestDuration: {
    name: "candlecast_http_request_duration_seconds",
    type: "histogram",
    at: "API",
    labels: ["method", "route", "status"],
    help: "Duration of requests that the API answered, by route pattern.",
    bound: "20 routes × 3 statuses × 14",
    buckets: REQUEST_SECONDS,
  },
  predictions: {
    name: "candlecast_predictions_total",
    type: "counter",
    at: "API",
    labels: ["symbol", "label"],
    help: "Predictions served, by label: champion, no_skill or withheld.",
    bound: "symbols × 3",
  },
  withheld: {
    name: "candlecast_predictions_withheld_total",
    type: "counter",
    at: "API",
    labels: ["symbol", "reason"],
    help: "Predictions that were withheld, by the first reason.",
    bound: "symbols × 4",
  },
  manifestLoaded: {
    name: "candlecast_manifest_loaded",
    type: "gauge",
    at: "API",
    labels: [],
    help: "1 if a manifest is served, else 0.",
    bound: "1",
  },
  manifestProblem: {
    name: "candlecast_manifest_problem",
    type: "gauge",
    at: "API",
    labels: [],
    help: "1 if the newest manifest can't be loaded or the store can't be read, else 0; /health says why.",
    bound: "1",
  },
  brokenFiles: {
    name: "candlecast_broken_files",
    type: "gauge",
    at: "API",
    labels: ["kind", "symbol"],
    help: "1 for each coin whose newest files (`coin`) or report (`report`) can't be read; no series where all can.",
    bound: "2 × coins",
  },
  manifestCreated: {
    name: "candlecast_manifest_created_timestamp_seconds",
    type: "gauge",
    at: "API",
    labels: [],
    help: "When the served manifest was made; its age is time() minus this.",
    bound: "1",
  },
  manifestAsOf: {
    name: "candlecast_manifest_as_of_timestamp_seconds",
    type: "gauge",
    at: "API",
    labels: [],
    help: "As-of time of the run that made the served manifest: it used only candles that had closed by then.",
    bound: "1",
  },
  candleInterval: {
    name: "candlecast_candle_interval_seconds",
    type: "gauge",
    at: "API",
    labels: ["symbol"],
    help: "Length of the symbol's candles.",
    bound: "symbols",
  },
  newestCandle: {
    name: "candlecast_newest_candle_close_timestamp_seconds",
    type: "gauge",
    at: "API",
    labels: ["symbol"],
    help: "When the newest candle behind the symbol's prediction closed; its age is time() minus this. Absent for a coin that has left the universe.",
    bound: "symbols",
  },
  symbolStale: {
    name: "candlecast_symbol_stale",
    type: "gauge",
    at: "API",
    labels: ["symbol"],
    help: "1 if the newest run failed for the symbol, so that an earlier entry is served, else 0. Absent for a coin that has left the universe.",
    bound: "symbols",
  },
  skill: {
    name: "candlecast_model_skill_ratio",
    type: "gauge",
    at: "API",
    labels: ["symbol", "model", "scope"],
    help: "Skill of the model for the symbol: 1 − loss / baseline's loss. Absent if undefined.",
    bound: "symbols × 12",
  },
  skillLower: {
    name: "candlecast_model_skill_lower_ratio",
    type: "gauge",
    at: "API",
    labels: ["symbol", "model", "scope"],
    help: "Lower end of the two-sided 95 % confidence interval of the skill. Absent if undefined.",
    bound: "symbols × 12",
  },
  liveForecasts: {
    name: "candlecast_live_forecasts",
    type: "gauge",
    at: "API",
    labels: ["symbol", "task"],
    help: "Published forecasts that were served and whose candles have closed since, of the newest 1,000 candles.",
    bound: "symbols × 2",
  },
  liveSkill: {
    name: "candlecast_live_skill_ratio",
    type: "gauge",
    at: "API",
    labels: ["symbol", "task"],
    help: "Skill of what was served, on candles that closed after it was published: 1 − loss / baseline's loss. Absent if undefined.",
    bound: "symbols × 2",
  },
  liveCoverage: {
    name: "candlecast_live_coverage_ratio",
    type: "gauge",
    at: "API",
    labels: ["symbol"],
    help: "Share of those candles that closed within the interval that was served. Absent where none was.",
    bound: "symbols",
  },
  role: {
    name: "candlecast_model_role",
    type: "gauge",
    at: "API",
    labels: ["symbol", "model", "scope", "role"],
    help: "1 for the model's current role: champion, challenger or no_skill.",
    bound: "symbols × 12",
  },
} as const satisfies Record<string, MetricSpec>;
