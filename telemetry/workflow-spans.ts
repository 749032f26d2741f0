import type { InjectedSinks } from "@temporalio/worker";
import type { Tracing } from "./tracing.ts";
import type { TraceSinks } from "./workflow-interceptors.ts";

/** Takes the spans that workflows hand out of their sandbox; without tracing (in a bundle made for it) they go nowhere. */
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
