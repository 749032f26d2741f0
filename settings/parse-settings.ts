import { topCount } from "../core/universe/selector.ts";
import { InvalidInputError } from "../core/vocabulary/errors.ts";
import { INTERVALS, type Interval } from "../core/vocabulary/interval.ts";
import { Secret, type Settings, type TraceSettings } from "./settings.ts";

const SYMBOLS = "BTC,ETH,ADA,BNB,XRP,LTC,DOGE,LINK,XLM,TRX,HET";
const SOURCES = ["auto", "binance", "kraken", "cryptocompare", "simulated", "file"] as const;
const SCOPES = ["pooled", "coin", "both"] as const;
const LOG_LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"] as const;
const CRON_FIELD = /^[\d*/,\-A-Za-z]+$/;

/** Raised by a check; says what the value should be. */
class Refusal {
  readonly wanted: string;
  constructor(wanted: string) {
    this.wanted = wanted;
  }
}

/** As {@link Refusal}, of a value that must not be shown. */
class SecretRefusal extends Refusal {}

type Read = <T>(name: string, fallback: T, parse: (text: string) => T) => T;

/**
 * All settings from environment variables, checked at once. An empty variable counts as not set.
 *
 * @throws {InvalidInputError} with one line for each wrong variable, naming it and its value (a secret's value is left out)
 */
export function parseSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const problems: string[] = [];
  const read: Read = (name, fallback, parse) => {
    const text = env[name]?.trim();
    if (!text) return fallback;
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const shown = error instanceof SecretRefusal ? "not readable" : JSON.stringify(text);
      problems.push(`${name} is ${shown}, but should be ${error.wanted}`);
      return fallback;
    }
  };
  const stateDir = read("STATE_DIR", ".data", (text) => text);
  const settings: Settings = {
    stateDir,
    storeUrl: read("STORE_URL", `file:${stateDir}/store`, parseStoreUrl),
    s3Endpoint: read<string | null>("S3_ENDPOINT", null, parseHttpUrl),
    symbols: read("SYMBOLS", SYMBOLS.split(","), parseSymbols),
    scope: read("MODEL_SCOPE", "pooled", oneOf(SCOPES)),
    interval: read<Interval>("INTERVAL", "1d", oneOf(INTERVALS)),
    horizon: read("HORIZON", 1, wholeNumber(1, 365)),
    source: read("CANDLE_SOURCE", "auto", oneOf(SOURCES)),
    binanceUrl: read("BINANCE_URL", "https://data-api.binance.vision", parseHttpUrl),
    krakenUrl: read("KRAKEN_URL", "https://api.kraken.com", parseHttpUrl),
    cryptocompareUrl: read("CRYPTOCOMPARE_URL", "https://min-api.cryptocompare.com", parseHttpUrl),
    cryptocompareApiKey: read<Secret | null>("CRYPTOCOMPARE_API_KEY", null, (text) => new Secret(text)),
    schedule: read("SCHEDULE", "10 0 * * *", parseCron),
    temporalAddress: read<string | null>("TEMPORAL_ADDRESS", null, parseAddress),
    temporalNamespace: read("TEMPORAL_NAMESPACE", "default", (text) => text),
    taskQueue: read("TEMPORAL_TASK_QUEUE", "candlecast", (text) => text),
    temporalPort: read<number | null>("TEMPORAL_PORT", null, wholeNumber(1, 65_535)),
    temporalUiPort: read<number | null>("TEMPORAL_UI_PORT", null, wholeNumber(1, 65_535)),
    temporalUiUrl: read<string | null>("TEMPORAL_UI_URL", null, parseHttpUrl),
    host: read("HOST", "127.0.0.1", (text) => text),
    port: read("PORT", 8000, wholeNumber(0, 65_535)),
    asOf: read<string | null>("AS_OF", null, parseTime),
    logLevel: read("LOG_LEVEL", "INFO", (text) => oneOf(LOG_LEVELS)(text.toUpperCase())),
    traces: parseTraces(read),
    workerMetricsAddress: read<string | null>("WORKER_METRICS_ADDRESS", null, parseBindAddress),
    temporalMetricsPort: read<number | null>("TEMPORAL_METRICS_PORT", null, wholeNumber(1, 65_535)),
  };
  if (settings.source === "cryptocompare" && !settings.cryptocompareApiKey) {
    problems.push("CRYPTOCOMPARE_API_KEY is not set, but CANDLE_SOURCE is cryptocompare, which answers with a key only");
  }
  if (problems.length > 0) {
    throw new InvalidInputError(
      `${problems.length === 1 ? "One setting is" : `${problems.length} settings are`} wrong:\n${problems.map((line) => `  - ${line}`).join("\n")}`,
    );
  }
  return settings;
}

/** OpenTelemetry's own variables; the signal's own go before the common ones. */
function parseTraces(read: Read): TraceSettings | null {
  const base = read<string | null>("OTEL_EXPORTER_OTLP_ENDPOINT", null, parseHttpUrl);
  const url = read<string | null>("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", base && `${base}/v1/traces`, parseHttpUrl);
  const protocol = oneOf(["http/protobuf"]);
  read("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", read("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf", protocol), protocol);
  const headers = read<Secret | null>("OTEL_EXPORTER_OTLP_HEADERS", null, parseHeaders);
  const traces = {
    headers: read<Secret | null>("OTEL_EXPORTER_OTLP_TRACES_HEADERS", headers, parseHeaders),
    serviceName: read<string | null>("OTEL_SERVICE_NAME", null, (text) => text),
  };
  const disabled = read("OTEL_SDK_DISABLED", "false", (text) => oneOf(["true", "false"])(text.toLowerCase())) === "true";
  const exporter = read("OTEL_TRACES_EXPORTER", "otlp", oneOf(["otlp", "none"]));
  return url === null || disabled || exporter === "none" ? null : { url, ...traces };
}

function parseHeaders(text: string): Secret {
  if (text.split(",").some((pair) => !/^\s*[^=\s]+\s*=/.test(pair))) throw new SecretRefusal("NAME=VALUE, parted by commas");
  return new Secret(text);
}

function oneOf<T extends string>(values: readonly T[]): (text: string) => T {
  return (text) => {
    const found = values.find((value) => value === text);
    if (found === undefined) throw new Refusal(`one of ${values.join(", ")}`);
    return found;
  };
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) throw new Refusal(`a whole number from ${least} to ${most}`);
    return value;
  };
}

function parseSymbols(text: string): string[] {
  const symbols = text.split(",").map((symbol) => symbol.trim().toUpperCase());
  if (symbols.some((symbol) => topCount(symbol) === null && !/^[A-Z0-9]{1,15}$/.test(symbol)))
    throw new Refusal("symbols of 1 to 15 letters or digits, or top:N with N up to 500, parted by commas");
  return [...new Set(symbols)];
}

function parseHttpUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw new Refusal("an address like https://host");
  return text.replace(/\/+$/, "");
}

function parseStoreUrl(text: string): string {
  if (!/^file:.+/.test(text) && !/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/.*)?$/.test(text))
    throw new Refusal("file:FOLDER or s3://bucket/prefix");
  return text;
}

function parseAddress(text: string): string {
  if (!/^[^\s:/]+:\d{1,5}$/.test(text)) throw new Refusal("HOST:PORT");
  return text;
}

/** An address of this machine to listen at. */
function parseBindAddress(text: string): string {
  const [, host, port] = /^(\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-fA-F:]+\]):(\d{1,5})$/.exec(text) ?? [];
  if (!host || Number(port) < 1 || Number(port) > 65_535) throw new Refusal("IP:PORT, like 127.0.0.1:9464");
  return text;
}

function parseCron(text: string): string {
  const fields = text.split(/\s+/);
  if (fields.length !== 5 || fields.some((field) => !CRON_FIELD.test(field)))
    throw new Refusal("a cron expression of five fields, in UTC, like 10 0 * * *");
  return text;
}

function parseTime(text: string): string {
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(Date.parse(text)))
    throw new Refusal("an ISO 8601 date or time, like 2020-12-31T12:00:00Z");
  return text;
}
