import { ContinueAsNew, proxySinks, type Sinks, type WorkflowInterceptors, workflowInfo } from "@temporalio/workflow";
import { mix, seedFrom } from "../core/random.ts";
import { describeError, type SpanError } from "./describe-error.ts";
import type { EndedSpan } from "./ended-span.ts";
import { readTrace, type TraceContext, withTrace } from "./trace-context.ts";

export interface TraceSinks extends Sinks {
  traces: { end(span: EndedSpan): void };
}

type OpenSpan = Omit<EndedSpan, "endMs" | "error">;

/**
 * Spans of a run and of its activities and child workflows, under the names that Temporal's SDKs use.
 *
 * Nothing here yields: each interceptor returns the very promise that it was given, so that a run makes the same decisions
 * with and without it. Tracing can be turned on or off between two tasks of a run, and a history replays either way.
 * Span ids are derived from the run's id instead of being random, because a replay has to produce the same ids.
 */
export const interceptors = (): WorkflowInterceptors => {
  const { traces } = proxySinks<TraceSinks>();
  let run: OpenSpan | null = null;
  let spans = 0;

  const open = (name: string, parent: TraceContext | null): OpenSpan => {
    const { runId } = workflowInfo();
    const number = String(spans++);
    const half = (label: string) =>
      mix(seedFrom(label, runId, number))
        .toString(16)
        .padStart(8, "0");
    return {
      name,
      traceId: parent?.traceId ?? runId.replaceAll("-", ""),
      spanId: half("high") + half("low"),
      parentSpanId: parent?.spanId ?? null,
      sampled: parent?.sampled ?? true,
      startMs: Date.now(),
    };
  };
  const end = (span: OpenSpan, error: SpanError | null) => {
    if (span.sampled) traces.end({ ...span, endMs: Date.now(), error });
  };
  /** Ends the span when the promise settles, and returns that same promise. */
  const endWith = <T>(span: OpenSpan, promise: Promise<T>): Promise<T> => {
    promise.then(
      () => end(span, null),
      (error: unknown) => end(span, error instanceof ContinueAsNew ? null : describeError(error)),
    );
    return promise;
  };

  return {
    inbound: [
      {
        execute(input, next) {
          run = open(`RunWorkflow:${workflowInfo().workflowType}`, readTrace(input.headers));
          return endWith(run, next(input));
        },
      },
    ],
    outbound: [
      {
        scheduleActivity(input, next) {
          if (!run) return next(input);
          const span = open(`StartActivity:${input.activityType}`, run);
          return endWith(span, next({ ...input, headers: withTrace(input.headers, span) }));
        },
        startChildWorkflowExecution(input, next) {
          if (!run) return next(input);
          const span = open(`StartChildWorkflow:${input.workflowType}`, run);
          const starting = next({ ...input, headers: withTrace(input.headers, span) });
          starting.then(
            ([started]) => endWith(span, started),
            (error: unknown) => end(span, describeError(error)),
          );
          return starting;
        },
        continueAsNew(input, next) {
          return next(run ? { ...input, headers: withTrace(input.headers, run) } : input);
        },
      },
    ],
  };
};
