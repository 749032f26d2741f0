import { readFileSync } from "node:fs";
import type { Context, HrTime, Span, SpanKind, Tracer } from "@opentelemetry/api";
import type { TraceSettings } from "../settings/settings.ts";
import { describeError } from "./describe-error.ts";
import type { EndedSpan } from "./ended-span.ts";
import type { TraceContext } from "./trace-context.ts";

export interface SpanOptions {
  readonly kind?: keyof typeof SpanKind;
  readonly attributes?: Readonly<Record<string, string | number>>;
  /** null: the span that is active in this process */
  readonly parent?: TraceContext | null;
  /** Errors that don't mark the span as failed. */
  readonly expected?: (error: unknown) => boolean;
}

/** The part of OpenTelemetry that the project uses. */
export interface Tracing {
  /** Runs work inside a span, which ends with it; spans that the work opens are its children. */
  span<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T>;
  record(span: EndedSpan, attributes: Readonly<Record<string, string>>): void;
  /** Sends the remaining spans, for at most 1 s. */
  shutdown(): Promise<void>;
}

const SHUTDOWN_MS = 1_000;
const WARN_AGAIN_MS = 60_000;

/**
 * Starts tracing; null if no collector is set. OpenTelemetry is loaded only if there is one.
 *
 * @param service the process's name if `OTEL_SERVICE_NAME` isn't set
 */
export async function startTracing(settings: TraceSettings | null, { service }: { service: string }): Promise<Tracing | null> {
  if (!settings) return null;
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  const [otel, { AsyncLocalStorageContextManager }, sdk, { OTLPTraceExporter }, { resourceFromAttributes, detectResources, envDetector }] =
    await Promise.all([
      import("@opentelemetry/api"),
      import("@opentelemetry/context-async-hooks"),
      import("@opentelemetry/sdk-trace"),
      import("@opentelemetry/exporter-trace-otlp-proto"),
      import("@opentelemetry/resources"),
    ]);
  let warnedMs = Number.NEGATIVE_INFINITY;
  const warn = () => {
    if (performance.now() - warnedMs < WARN_AGAIN_MS) return;
    warnedMs = performance.now();
    process.stderr.write(`traces can't be sent to ${new URL(settings.url).host}; work continues without them\n`);
  };
  const ignore = () => {};
  otel.diag.setLogger({ error: warn, warn: ignore, info: ignore, debug: ignore, verbose: ignore }, otel.DiagLogLevel.ERROR);
  otel.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const resource = detectResources({ detectors: [envDetector] }).merge(
    resourceFromAttributes({ "service.name": settings.serviceName ?? service, "service.version": version }),
  );
  const exporter = new OTLPTraceExporter({ url: settings.url, headers: parseHeaders(settings.headers?.reveal() ?? "") });
  const processor = new sdk.BatchSpanProcessor({ exporter, scheduledDelayMillis: 1_000 });
  const provider = new sdk.TracerProvider({ resource, spanProcessors: [processor] });
  const tracer: Tracer = provider.getTracer("candlecast", version);

  const parentContext = (parent: TraceContext | null | undefined): Context =>
    parent
      ? otel.trace.setSpanContext(otel.ROOT_CONTEXT, {
          traceId: parent.traceId,
          spanId: parent.spanId,
          traceFlags: parent.sampled ? otel.TraceFlags.SAMPLED : otel.TraceFlags.NONE,
          isRemote: true,
        })
      : otel.context.active();

  return {
    record({ name, traceId, spanId, parentSpanId, startMs, endMs, error }, attributes) {
      const traceFlags = otel.TraceFlags.SAMPLED;
      processor.onEnd({
        name,
        kind: otel.SpanKind.INTERNAL,
        spanContext: () => ({ traceId, spanId, traceFlags }),
        parentSpanContext: parentSpanId === null ? undefined : { traceId, spanId: parentSpanId, traceFlags },
        startTime: hrTime(startMs),
        endTime: hrTime(endMs),
        duration: hrTime(endMs - startMs),
        status: error ? { code: otel.SpanStatusCode.ERROR, message: error.message } : { code: otel.SpanStatusCode.UNSET },
        attributes: error ? { ...attributes, "error.type": error.type } : attributes,
        links: [],
        events: [],
        ended: true,
        resource,
        instrumentationScope: { name: "candlecast-workflow", version },
        droppedAttributesCount: 0,
        droppedEventsCount: 0,
        droppedLinksCount: 0,
      });
    },
    async span(name, { kind = "INTERNAL", attributes, parent, expected }, work) {
      const around = parentContext(parent);
      const span = tracer.startSpan(name, { kind: otel.SpanKind[kind], attributes }, around);
      try {
        return await otel.context.with(otel.trace.setSpan(around, span), () => work(span));
      } catch (error) {
        const { type, message } = describeError(error);
        span.setAttribute("error.type", type);
        if (!expected?.(error)) span.setStatus({ code: otel.SpanStatusCode.ERROR, message });
        throw error;
      } finally {
        span.end();
      }
    },
    async shutdown() {
      let timer: NodeJS.Timeout | undefined;
      const limit = new Promise<void>((done) => {
        timer = setTimeout(() => {
          warn();
          done();
        }, SHUTDOWN_MS);
      });
      // An unreachable collector must not fail or delay the work that was traced.
      await Promise.race([provider.shutdown().catch(() => {}), limit]);
      clearTimeout(timer);
      otel.context.disable();
      otel.diag.disable();
    },
  };
}

/** Seconds and nanoseconds. */
function hrTime(ms: number): HrTime {
  return [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)];
}

/** Parses `name=value,…` with percent-encoded values, as specified by OpenTelemetry. */
function parseHeaders(text: string): Record<string, string> {
  const pairs = text.split(",").filter((pair) => pair.includes("="));
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      return [pair.slice(0, at).trim(), decodePercent(pair.slice(at + 1).trim())];
    }),
  );
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
