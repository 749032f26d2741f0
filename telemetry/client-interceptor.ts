import type { WorkflowClientInterceptor } from "@temporalio/client";
import { withTrace } from "./trace-context.ts";
import type { Tracing } from "./tracing.ts";

/** A span for each run that is started, the parent of the run's spans. Queries and other requests have none. */
export function traceStarts(tracing: Tracing): WorkflowClientInterceptor {
  return {
    startWithDetails: (input, next) =>
      tracing.span(
        `StartWorkflow:${input.workflowType}`,
        { kind: "CLIENT", attributes: { temporalWorkflowId: input.options.workflowId } },
        async (span) => {
          const { traceId, spanId } = span.spanContext();
          const output = await next({ ...input, headers: withTrace(input.headers, { traceId, spanId, sampled: span.isRecording() }) });
          span.setAttribute("run_id", output.runId);
          return output;
        },
      ),
  };
}
