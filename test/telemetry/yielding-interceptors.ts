import type { WorkflowInterceptors } from "@temporalio/workflow";

/** What an interceptor must not do: it returns a promise of its own, which settles later than the one that it was given. */
export const interceptors = (): WorkflowInterceptors => ({
  outbound: [
    {
      async scheduleActivity(input, next) {
        return await next(input);
      },
    },
  ],
});
