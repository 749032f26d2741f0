import type { Context } from "@temporalio/activity";
import type { ActivityInterceptors } from "@temporalio/worker";
import { outcomeOf } from "./outcome.ts";
import { readTrace } from "./trace-context.ts";
import type { Tracing } from "./tracing.ts";
import type { WorkerMetrics } from "./worker-metrics.ts";

/** Times each attempt of an activity by type and outcome, in a span below the one that the workflow opened for it. */
export function observeActivities({ metrics, tracing }: { metrics: WorkerMetrics; tracing: Tracing | null }) {
  return ({ info }: Context): ActivityInterceptors => ({
    inbound: {
      async execute(input, next) {
        const began = performance.now();
        const done = (outcome: string) => metrics.activity(info.activityType, outcome, (performance.now() - began) / 1000);
        try {
          const attributes = {
            temporalActivityId: info.activityId,
            temporalWorkflowId: info.workflowExecution?.workflowId ?? "",
            run_id: info.workflowExecution?.runId ?? "",
            task_queue: info.taskQueue,
            attempt: info.attempt,
          };
          const result = tracing
            ? await tracing.span(`RunActivity:${info.activityType}`, { attributes, parent: readTrace(input.headers) }, () => next(input))
            : await next(input);
          done("ok");
          return result;
        } catch (error) {
          done(outcomeOf(error));
          throw error;
        }
      },
    },
  });
}
