import type { Interval } from "../core/vocabulary/interval.ts";
import type { Scope } from "../core/vocabulary/model-names.ts";

/** All that the environment can set, checked at once by {@link parseSettings}. */
export interface Settings {
  readonly stateDir: string;
  /** `file:PATH` or `s3://bucket/prefix` */
  readonly storeUrl: string;
  readonly s3Endpoint: string | null;
  /** Symbols, or selectors like `TOP:50`. */
  readonly symbols: readonly string[];
  readonly scope: Scope | "both";
  readonly interval: Interval;
  /** candles ahead */
  readonly horizon: number;
  readonly source: "auto" | "binance" | "kraken" | "cryptocompare" | "simulated" | "file";
  readonly binanceUrl: string;
  readonly krakenUrl: string;
  readonly cryptocompareUrl: string;
  readonly cryptocompareApiKey: Secret | null;
  /** cron */
  readonly schedule: string;
  /** null: start a dev server where none runs */
  readonly temporalAddress: string | null;
  readonly temporalNamespace: string;
  readonly taskQueue: string;
  readonly temporalPort: number | null;
  readonly temporalUiPort: number | null;
  /** Of the Temporal Web UI, or a template of a run's page; null: runs are named without a link */
  readonly temporalUiUrl: string | null;
  readonly host: string;
  readonly port: number;
  /** ISO 8601, or null for "now" */
  readonly asOf: string | null;
  readonly logLevel: "TRACE" | "DEBUG" | "INFO" | "WARN" | "ERROR";
  /** Where spans are sent, by OTLP over HTTP; null: nothing is traced */
  readonly traces: TraceSettings | null;
  /** `HOST:PORT` at which the worker's metrics can be scraped; null: none are kept */
  readonly workerMetricsAddress: string | null;
  /** of the embedded server's own metrics; null: a random one */
  readonly temporalMetricsPort: number | null;
}

export interface TraceSettings {
  /** the full address of a collector's traces */
  readonly url: string;
  /** `name=value,…`, sent along */
  readonly headers: Secret | null;
  /** shown beside each span; null: named after the process */
  readonly serviceName: string | null;
}

/** A value that shows as `***` wherever it is printed, logged or serialised. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return "***";
  }
  toJSON(): string {
    return "***";
  }
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "***";
  }
}
