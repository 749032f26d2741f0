import type { Settings } from "../../settings/settings.ts";

/** Settings by the names of their variables, fit to be shown: keys and passwords as `***`. */
export function shownSettings(settings: Settings): Record<string, string> {
  const values: Record<string, unknown> = {
    STATE_DIR: settings.stateDir,
    STORE_URL: settings.storeUrl,
    S3_ENDPOINT: settings.s3Endpoint,
    SYMBOLS: settings.symbols.join(","),
    MODEL_SCOPE: settings.scope,
    INTERVAL: settings.interval,
    HORIZON: settings.horizon,
    CANDLE_SOURCE: settings.source,
    BINANCE_URL: settings.binanceUrl,
    KRAKEN_URL: settings.krakenUrl,
    CRYPTOCOMPARE_URL: settings.cryptocompareUrl,
    CRYPTOCOMPARE_API_KEY: settings.cryptocompareApiKey,
    SCHEDULE: settings.schedule,
    TEMPORAL_ADDRESS: settings.temporalAddress,
    TEMPORAL_NAMESPACE: settings.temporalNamespace,
    TEMPORAL_TASK_QUEUE: settings.taskQueue,
    TEMPORAL_PORT: settings.temporalPort,
    TEMPORAL_UI_PORT: settings.temporalUiPort,
    TEMPORAL_UI_URL: settings.temporalUiUrl,
    HOST: settings.host,
    PORT: settings.port,
    AS_OF: settings.asOf,
    LOG_LEVEL: settings.logLevel,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: settings.traces?.url ?? null,
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: settings.traces?.headers ?? null,
    OTEL_SERVICE_NAME: settings.traces?.serviceName ?? null,
    WORKER_METRICS_ADDRESS: settings.workerMetricsAddress,
    TEMPORAL_METRICS_PORT: settings.temporalMetricsPort,
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value === null ? "(not set)" : withoutCredentials(String(value))]),
  );
}

/** User names, passwords and query strings in an address can be secrets. */
export function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^/@\s]+@/g, "//***@").replace(/(https?:\/\/[^?\s]*)\?\S*/g, "$1?***");
}
