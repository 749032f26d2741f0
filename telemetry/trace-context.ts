import { defaultPayloadConverter, type Headers } from "@temporalio/common";

/** Where a span is: what W3C's `traceparent` says. */
export interface TraceContext {
  /** 32 hexadecimal digits */
  readonly traceId: string;
  /** 16 hexadecimal digits */
  readonly spanId: string;
  /** False: whoever began the trace keeps none of it. */
  readonly sampled: boolean;
}

/** The header that Temporal's SDKs of all languages carry a trace in. */
export const TRACE_HEADER = "_tracer-data";

/** Null where the text is no version of `traceparent` that is known. Source: W3C Trace Context, 3.2. */
export function parseTraceparent(text: unknown): TraceContext | null {
  const [, traceId, spanId, flags] =
    /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/.exec(typeof text === "string" ? text : "") ?? [];
  if (!traceId || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export function formatTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? "01" : "00"}`;
}

/** The trace that a workflow's or an activity's headers carry; null where they carry none. */
export function readTrace(headers: Headers): TraceContext | null {
  const payload = headers[TRACE_HEADER];
  if (!payload) return null;
  const carrier = defaultPayloadConverter.fromPayload<{ readonly traceparent?: unknown } | null>(payload);
  return parseTraceparent(carrier?.traceparent);
}

/** The headers, with a trace to go on with. */
export function withTrace(headers: Headers, trace: TraceContext): Headers {
  return { ...headers, [TRACE_HEADER]: defaultPayloadConverter.toPayload({ traceparent: formatTraceparent(trace) }) };
}
