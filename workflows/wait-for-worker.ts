import { ActivityFailure, setCurrentDetails, TimeoutFailure, workflowInfo } from "@temporalio/workflow";
import { WORKER_WAIT_MEMO } from "./contract.ts";

/** How long a step may lie in its queue before the run says that no worker takes it, unless the run's memo says it; then twice as long each time. */
export const FIRST_WAIT_MS = 2 * 60_000;
const LONGEST_WAIT_MS = 60 * 60_000;

type Step = ((...args: never[]) => Promise<unknown>) & {
  executeWithOptions(options: object, args: readonly unknown[]): Promise<unknown>;
};

/**
 * The same steps. One that no worker takes from its queue is put there again and again, and the run's page says so, until one does: the
 * server itself would wait without a word.
 *
 * @param options.tell shows a text on the run's page
 * @param options.firstWaitMs how long a step may lie in its queue at first
 */
export function waitForWorker<Steps extends object>(
  steps: Steps,
  taskQueue: string,
  { tell = setCurrentDetails, firstWaitMs = settledWait() }: { tell?: (text: string) => void; firstWaitMs?: number } = {},
): Steps {
  return new Proxy(steps, {
    get(target, name) {
      const step = Reflect.get(target, name) as Step;
      if (typeof step !== "function") return step;
      const execute = async (options: object, args: readonly unknown[]): Promise<unknown> => {
        for (let waitMs = firstWaitMs, waitedMs = 0; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
          try {
            const result = await step.executeWithOptions({ ...options, scheduleToStartTimeout: waitMs }, args);
            if (waitedMs > 0) tell("");
            return result;
          } catch (error) {
            if (!isUntaken(error)) throw error;
            waitedMs += waitMs;
            tell(
              `**No worker has taken ${String(name)} from task queue ${taskQueue} for ${Math.round(waitedMs / 60_000)} minutes.** The run goes on when one does; \`npx candlecast doctor\` names the queues without a worker.`,
            );
          }
        }
      };
      return Object.assign((...args: unknown[]) => execute({}, args), { executeWithOptions: execute });
    },
  });
}

function settledWait(): number {
  const seconds = workflowInfo().memo?.[WORKER_WAIT_MEMO];
  return typeof seconds === "number" && seconds > 0 ? seconds * 1_000 : FIRST_WAIT_MS;
}

function isUntaken(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : null;
  return cause instanceof TimeoutFailure && cause.timeoutType === "SCHEDULE_TO_START";
}
