import { INTERVALS, type Interval } from "../candles/interval.ts";
import { InvalidInputError } from "../errors.ts";
import { Secret, type Settings } from "../settings.ts";
import { topCount } from "../universe/selector.ts";

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

/**
 * All settings from environment variables, checked at once. An empty variable counts as not set.
 *
 * @throws {InvalidInputError} with one line for each wrong variable, naming it and its value (a secret's value is left out)
 */
export function parseSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const problems: string[] = [];
  const read = <T>(name: string, fallback: T, parse: (text: string) => T): T => {
    const text = env[name]?.trim();
    if (!text) return fallback;
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problems.push(`${name} is ${JSON.stringify(text)}, but should be ${error.wanted}`);
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
