import { MAX_HORIZON } from "../core/vocabulary/horizon.ts";
import { INTERVALS } from "../core/vocabulary/interval.ts";
import { SCOPE_CHOICES } from "../core/vocabulary/model-names.ts";
import { REQUEST_LIMITS } from "../core/vocabulary/request-limits.ts";
import { BINANCE_PER_SECOND } from "../core/vocabulary/request-rates.ts";
import { optionalSetting, setting } from "./setting.ts";
import {
  anyText,
  cronExpression,
  hostAndPort,
  httpUrl,
  isoTime,
  listenAddress,
  oneOf,
  oneOfCapitals,
  oneOrZero,
  secretHeaders,
  secretText,
  storeUrl,
  symbolList,
  tcpPort,
  trueOrFalse,
  urlPath,
  wholeNumber,
} from "./value-parsers.ts";

/** Every setting, once: parsing, `doctor` and the table in README.md follow this one, in its order. */
export const SETTINGS = {
  stateDir: setting({
    variable: "STATE_DIR",
    parse: anyText,
    fallback: ".data",
    words: "where the embedded server and the store keep their state",
  }),
  storeUrl: setting({
    variable: "STORE_URL",
    parse: storeUrl,
    fallback: ({ stateDir }: { readonly stateDir: string }) => `file:${stateDir}/store`,
    fallbackWords: "`file:` + `STATE_DIR` + `/store`",
    words: "`file:FOLDER` or `s3://bucket/prefix`, with the usual AWS variables for credentials",
  }),
  s3Endpoint: optionalSetting({ variable: "S3_ENDPOINT", parse: httpUrl, words: "address of an S3-compatible server" }),
  s3Region: setting({
    variable: "AWS_REGION",
    aliases: ["AWS_DEFAULT_REGION"],
    parse: anyText,
    fallback: "us-east-1",
    words: "region of the bucket; `AWS_DEFAULT_REGION` is read where it is not set",
  }),
  symbols: setting({
    variable: "SYMBOLS",
    parse: symbolList,
    fallback: ["BTC", "ETH", "ADA", "BNB", "XRP", "LTC", "DOGE", "LINK", "XLM", "TRX", "HET"],
    words: "symbols, or `top:50` for the largest coins of the day, or both, separated by commas",
  }),
  scope: setting({
    variable: "MODEL_SCOPE",
    parse: oneOf(SCOPE_CHOICES),
    fallback: "pooled",
    words: "`pooled`: one model from all coins; `coin`: one per coin; `both`",
  }),
  interval: setting({ variable: "INTERVAL", parse: oneOf(INTERVALS), fallback: "1d", words: `length of a candle: ${codes(INTERVALS)}` }),
  horizon: setting({ variable: "HORIZON", parse: wholeNumber(1, MAX_HORIZON), fallback: 1, words: "how many candles ahead is predicted" }),
  source: setting({
    variable: "CANDLE_SOURCE",
    parse: oneOf(["auto", "binance", "kraken", "cryptocompare", "simulated", "file"]),
    fallback: "auto",
    words:
      "`binance`, `kraken`, `cryptocompare`, `simulated`; `auto`: cryptocompare if it has a key, else binance, with kraken for what it lacks; `file`: imported candles only",
  }),
  binanceUrl: setting({
    variable: "BINANCE_URL",
    parse: httpUrl,
    fallback: "https://data-api.binance.vision",
    words: "address of Binance's market data",
  }),
  binancePerSecond: setting({
    variable: "BINANCE_REQUESTS_PER_SECOND",
    parse: wholeNumber(1, 50),
    fallback: BINANCE_PER_SECOND,
    words: "requests that all workers together send to Binance; it allows 50 from an address, less what others send from there",
  }),
  krakenUrl: setting({ variable: "KRAKEN_URL", parse: httpUrl, fallback: "https://api.kraken.com", words: "address of Kraken's API" }),
  cryptocompareUrl: optionalSetting({
    variable: "CRYPTOCOMPARE_URL",
    parse: httpUrl,
    words:
      "`https://min-api.cryptocompare.com` (CryptoCompare's first API) or `https://data-api.coindesk.com` (CoinDesk Data, which it became); where none is set, the one that takes the key",
  }),
  cryptocompareApiKey: optionalSetting({
    variable: "CRYPTOCOMPARE_API_KEY",
    parse: secretText,
    words: "never shown in a log, a history or an error",
  }),
  schedule: setting({ variable: "SCHEDULE", parse: cronExpression, fallback: "10 0 * * *", words: "when the daily run starts: cron, UTC" }),
  temporalAddress: optionalSetting({
    variable: "TEMPORAL_ADDRESS",
    parse: hostAndPort,
    words: "a Temporal server to use; where none is set, `npm start` starts one",
  }),
  temporalNamespace: setting({
    variable: "TEMPORAL_NAMESPACE",
    parse: anyText,
    fallback: "default",
    words: "the namespace on that server",
  }),
  taskQueue: setting({
    variable: "TEMPORAL_TASK_QUEUE",
    parse: anyText,
    fallback: "candlecast",
    words: "task queue of the workflows; the names of the other queues begin with it",
  }),
  workerWaitSeconds: setting({
    variable: "WORKER_WAIT",
    parse: wholeNumber(60, 86_400),
    fallback: 120,
    words: "seconds after which a task queue that no worker polls is named: by commands, and on the page of a run that waits",
  }),
  temporalPort: optionalSetting({
    variable: "TEMPORAL_PORT",
    parse: tcpPort,
    fallbackWords: "7233, or a free one",
    words: "port of the embedded Temporal server",
  }),
  temporalUiPort: optionalSetting({
    variable: "TEMPORAL_UI_PORT",
    parse: tcpPort,
    fallbackWords: "8233, or a free one",
    words: "port of its Web UI",
  }),
  temporalUiUrl: optionalSetting({
    variable: "TEMPORAL_UI_URL",
    parse: httpUrl,
    fallbackWords: "`npm start` sets it",
    words: "address of the Web UI, or a template with `{namespace}`, `{workflowId}` and `{runId}`, for links to a run's page",
  }),
  host: setting({ variable: "HOST", parse: anyText, fallback: "127.0.0.1", words: "address that the API listens on" }),
  port: setting({ variable: "PORT", parse: wholeNumber(0, 65_535), fallback: 8000, words: "port of the API" }),
  portFallback: setting({
    variable: "PORT_FALLBACK",
    parse: oneOrZero,
    fallback: false,
    fallbackWords: "`0`; `npm start` sets `1` where `PORT` is not set",
    words: "`1`: the API takes a free port where `PORT` is taken",
  }),
  basePath: optionalSetting({
    variable: "BASE_PATH",
    parse: urlPath,
    words: "what the paths of the API begin with for clients, as `/prod`, where a proxy puts it below a path",
  }),
  apiToken: optionalSetting({
    variable: "API_TOKEN",
    parse: secretText,
    words:
      "what whoever changes something has to send (`Authorization: Bearer …`); where none is set, `POST /reload` is open. With it and a Temporal server the API lists and starts runs",
  }),
  cacheSeconds: setting({
    variable: "CACHE_MAX_AGE",
    parse: wholeNumber(0, 86_400),
    fallback: REQUEST_LIMITS.cacheSeconds,
    words: "seconds that caches may keep an answer, and never longer than until it changes by itself",
  }),
  unreadySeconds: setting({
    variable: "UNREADY_AFTER",
    parse: wholeNumber(0, 3_153_600_000),
    fallback: REQUEST_LIMITS.unreadySeconds,
    words: "seconds without anything fresh to serve after which `/ready` answers 503",
  }),
  drainSeconds: setting({
    variable: "DRAIN",
    parse: wholeNumber(0, 3_600),
    fallback: 0,
    words: "seconds that the API still serves after it was asked to stop, while `/ready` answers 503",
  }),
  requestsPerMinute: setting({
    variable: "RATE_LIMIT",
    parse: wholeNumber(0, 10_000_000),
    fallback: REQUEST_LIMITS.requestsPerMinute,
    words: "requests a minute from one address, then 429; `0`: no limit. Behind a balancer all clients have its address",
  }),
  connections: setting({
    variable: "MAX_CONNECTIONS",
    parse: wholeNumber(1, 1_000_000),
    fallback: 5_000,
    words: "open connections to the API; more are closed at once",
  }),
  requestsPerConnection: setting({
    variable: "MAX_REQUESTS_PER_CONNECTION",
    parse: wholeNumber(0, 1_000_000_000),
    fallback: 0,
    words: "requests after which a connection is closed; `0`: never",
  }),
  unreadAnswers: setting({
    variable: "MAX_UNREAD_ANSWERS",
    parse: wholeNumber(1, 100_000),
    fallback: 32,
    words: "requests that a connection may send ahead without taking the answers; one more ends it",
  }),
  eventStreams: setting({
    variable: "MAX_EVENT_STREAMS",
    parse: wholeNumber(0, 1_000_000),
    fallback: REQUEST_LIMITS.eventStreams,
    words: "clients that follow `/events` at the same time, then 503",
  }),
  headBytes: setting({
    variable: "MAX_HEAD_BYTES",
    parse: wholeNumber(1_000, 1_000_000),
    fallback: 16_384,
    words: "bytes of a request's path and headers, then 431",
  }),
  urlLength: setting({
    variable: "MAX_URL_LENGTH",
    parse: wholeNumber(100, 1_000_000),
    fallback: REQUEST_LIMITS.urlLength,
    words: "characters of an address, then 414",
  }),
  bodyBytes: setting({
    variable: "MAX_BODY_BYTES",
    parse: wholeNumber(0, 1_000_000_000),
    fallback: REQUEST_LIMITS.bodyBytes,
    words: "bytes of a request's body, then 413",
  }),
  headSeconds: setting({
    variable: "HEAD_TIMEOUT",
    parse: wholeNumber(1, 3_600),
    fallback: 10,
    words: "seconds that a client may take to send a request's head, then 408",
  }),
  requestSeconds: setting({
    variable: "REQUEST_TIMEOUT",
    parse: wholeNumber(1, 3_600),
    fallback: 30,
    words: "seconds that a client may take to send a whole request, then 408",
  }),
  answerSeconds: setting({
    variable: "ANSWER_TIMEOUT",
    parse: wholeNumber(1, 3_600),
    fallback: 30,
    words: "seconds that a client may take to read an answer; then its connection ends",
  }),
  keepAliveSeconds: setting({
    variable: "KEEP_ALIVE",
    parse: wholeNumber(1, 3_600),
    fallback: 75,
    words: "seconds that an idle connection stays open: longer than the balancer in front keeps it",
  }),
  asOf: optionalSetting({ variable: "AS_OF", parse: isoTime, fallbackWords: "now", words: "the clock of `npm start`'s run: ISO 8601" }),
  logLevel: setting({
    variable: "LOG_LEVEL",
    parse: oneOfCapitals(["TRACE", "DEBUG", "INFO", "WARN", "ERROR"]),
    fallback: "INFO",
    words: "least severe message of the worker that is logged: `TRACE`, `DEBUG`, `INFO`, `WARN`, `ERROR`",
  }),
  workerBuildId: optionalSetting({
    variable: "WORKER_BUILD_ID",
    parse: anyText,
    words: "makes the worker a versioned one: [operations](docs/operations.md#6-roll-out-new-code)",
  }),
  workerDeploymentName: setting({
    variable: "WORKER_DEPLOYMENT_NAME",
    parse: anyText,
    fallback: "candlecast",
    words: "the deployment that the worker's build belongs to",
  }),
  workflowBundle: optionalSetting({
    variable: "WORKFLOW_BUNDLE",
    parse: anyText,
    fallbackWords: "made at the start",
    words: "file of workflows that `node scripts/bundle-workflows.mjs FILE` wrote",
  }),
  checkerBundle: optionalSetting({
    variable: "CHECKER_BUNDLE",
    parse: anyText,
    fallbackWords: "made with the first check",
    words: "file that `node scripts/bundle-checker.mjs FILE` wrote: with it browsers check predictions",
  }),
  workerHealthAddress: optionalSetting({
    variable: "WORKER_HEALTH_ADDRESS",
    parse: listenAddress,
    words: "`IP:PORT` where the worker answers `GET /live` and `GET /ready`",
  }),
  workerMetricsAddress: optionalSetting({
    variable: "WORKER_METRICS_ADDRESS",
    parse: listenAddress,
    words: "`IP:PORT` where Prometheus finds the worker's metrics: [observability](docs/observability.md)",
  }),
  temporalMetricsPort: optionalSetting({
    variable: "TEMPORAL_METRICS_PORT",
    parse: tcpPort,
    fallbackWords: "a free one",
    words: "port where Prometheus finds the embedded Temporal server's metrics",
  }),
  otlpEndpoint: optionalSetting({
    variable: "OTEL_EXPORTER_OTLP_ENDPOINT",
    parse: httpUrl,
    words: "address of an OpenTelemetry collector; traces go to its `/v1/traces`",
  }),
  otlpTracesEndpoint: setting<string | null>({
    variable: "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    parse: httpUrl,
    fallback: ({ otlpEndpoint }: { readonly otlpEndpoint: string | null }) => otlpEndpoint && `${otlpEndpoint}/v1/traces`,
    fallbackWords: "from the variable above",
    words: "full address for traces",
  }),
  otlpTracesProtocol: setting({
    variable: "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
    aliases: ["OTEL_EXPORTER_OTLP_PROTOCOL"],
    parse: oneOf(["http/protobuf"]),
    fallback: "http/protobuf",
    words: "the only protocol that is spoken; also read from `OTEL_EXPORTER_OTLP_PROTOCOL`",
  }),
  otlpTracesHeaders: optionalSetting({
    variable: "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
    aliases: ["OTEL_EXPORTER_OTLP_HEADERS"],
    parse: secretHeaders,
    words: "`NAME=VALUE,…` sent with traces, never shown; also read from `OTEL_EXPORTER_OTLP_HEADERS`",
  }),
  otelServiceName: optionalSetting({
    variable: "OTEL_SERVICE_NAME",
    parse: anyText,
    fallbackWords: "named after the process",
    words: "name shown beside each span",
  }),
  otelTracesExporter: setting({
    variable: "OTEL_TRACES_EXPORTER",
    parse: oneOf(["otlp", "none"]),
    fallback: "otlp",
    words: "`none` switches tracing off",
  }),
  otelSdkDisabled: setting({ variable: "OTEL_SDK_DISABLED", parse: trueOrFalse, fallback: false, words: "`true` switches tracing off" }),
};

function codes(values: readonly string[]): string {
  return values.map((value) => `\`${value}\``).join(", ");
}
