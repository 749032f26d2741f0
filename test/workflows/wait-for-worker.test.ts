import { ActivityFailure, ApplicationFailure, RetryState, TimeoutFailure, TimeoutType } from "@temporalio/common";
import { describe, expect, test } from "vitest";
import { FIRST_WAIT_MS, waitForWorker } from "../../workflows/wait-for-worker.ts";

const untaken = () =>
  new ActivityFailure(
    "Activity task timed out",
    "trainModel",
    "1",
    RetryState.TIMEOUT,
    "",
    new TimeoutFailure("", undefined, TimeoutType.SCHEDULE_TO_START),
  );

/** Steps whose calls end one after another as given. */
function steps(...ends: (Error | string)[]) {
  const waits: unknown[] = [];
  const trainModel = Object.assign(async () => "", {
    executeWithOptions: async (options: { scheduleToStartTimeout?: unknown }, _: readonly unknown[]): Promise<string> => {
      waits.push(options.scheduleToStartTimeout);
      const end = ends.shift() ?? "late";
      if (typeof end === "string") return end;
      throw end;
    },
  });
  return { waits, of: { trainModel } };
}

describe("a step that no worker takes", () => {
  test("is put into its queue again, with longer waits, told on the run's page, and ends well once a worker comes", async () => {
    const told: string[] = [];
    const { waits, of } = steps(untaken(), untaken(), "done");
    const { trainModel } = waitForWorker(of, "candlecast-cpu", { tell: (text) => told.push(text), firstWaitMs: FIRST_WAIT_MS });
    expect(await trainModel.executeWithOptions({}, [])).toBe("done");
    expect(waits).toEqual([FIRST_WAIT_MS, 2 * FIRST_WAIT_MS, 4 * FIRST_WAIT_MS]);
    expect(told).toEqual([
      expect.stringContaining("No worker has taken trainModel from task queue candlecast-cpu for 2 minutes."),
      expect.stringContaining("for 6 minutes."),
      "",
    ]);
  });

  test("is told apart from one that fails, which fails as before", async () => {
    const told: string[] = [];
    const failure = new ActivityFailure(
      "failed",
      "trainModel",
      "1",
      RetryState.NON_RETRYABLE_FAILURE,
      "",
      ApplicationFailure.create({ type: "InvalidInput" }),
    );
    const tooLong = new ActivityFailure(
      "",
      "trainModel",
      "1",
      RetryState.TIMEOUT,
      "",
      new TimeoutFailure("", undefined, TimeoutType.START_TO_CLOSE),
    );
    for (const error of [failure, tooLong]) {
      const { trainModel } = waitForWorker(steps(error).of, "q", { tell: (text) => told.push(text), firstWaitMs: 1_000 });
      await expect(trainModel.executeWithOptions({}, [])).rejects.toBe(error);
    }
    expect(told).toEqual([]);
  });
});
