import type { SpanError } from "./describe-error.ts";
import type { TraceContext } from "./trace-context.ts";

/** A span that began and ended in a workflow's sandbox, where OpenTelemetry isn't available. */
export interface EndedSpan extends TraceContext {
  readonly name: string;
  readonly parentSpanId: string | null;
  /** ms since the epoch, of the workflow's clock */
  readonly startMs: number;
  readonly endMs: number;
  readonly error: SpanError | null;
}
