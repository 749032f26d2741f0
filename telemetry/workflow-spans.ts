import type { InjectedSinks } from "@temporalio/worker";
import type { Tracing } from "./tracing.ts";
import type { TraceSinks } from "./workflow-interceptors.ts";

/** Receives the spans from the workflows' sandbox. Without tracing, spans of a bundle that was built for it are discarded. */
export function workflowSpanSinks(tracing: Tracing | null): InjectedSinks<TraceSinks> {
  return {
    traces: {
      end: {
        callDuringReplay: false,
        fn: ({ workflowId, runId, taskQueue }, span) =>
          tracing?.record(span, { temporalWorkflowId: workflowId, run_id: runId, task_queue: taskQueue }),
      },
    },
  };
}
