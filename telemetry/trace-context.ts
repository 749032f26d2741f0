import { defaultPayloadConverter, type Headers } from "@temporalio/common";

/** Identifies a span across processes: the content of W3C's `traceparent`. */
export interface TraceContext {
  /** 32 hexadecimal digits */
  readonly traceId: string;
  /** 16 hexadecimal digits */
  readonly spanId: string;
  /** False: the trace isn't recorded. */
  readonly sampled: boolean;
}

/** The header in which Temporal's SDKs of all languages carry a trace. */
export const TRACE_HEADER = "_tracer-data";

/** Null if the text is not a valid `traceparent`. Source: W3C Trace Context, 3.2. */
export function parseTraceparent(text: unknown): TraceContext | null {
  const [, traceId, spanId, flags] =
    /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/.exec(typeof text === "string" ? text : "") ?? [];
  if (!traceId || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export function formatTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? "01" : "00"}`;
}

/** The trace in the headers of a workflow or an activity; null if there is none. */
export function readTrace(headers: Headers): TraceContext | null {
  const payload = headers[TRACE_HEADER];
  if (!payload) return null;
  const carrier = defaultPayloadConverter.fromPayload<{ readonly traceparent?: unknown } | null>(payload);
  return parseTraceparent(carrier?.traceparent);
}

/** The headers with the trace added. */
export function withTrace(headers: Headers, trace: TraceContext): Headers {
  return { ...headers, [TRACE_HEADER]: defaultPayloadConverter.toPayload({ traceparent: formatTraceparent(trace) }) };
}
