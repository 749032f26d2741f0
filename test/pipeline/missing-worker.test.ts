import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { missingWorkers, queuesWithoutWorker, watchWorkers } from "../../cli/runs/task-queue.ts";
import { type PipelineResult, WORKER_WAIT_MEMO, WORKFLOW_TYPES } from "../../workflows/contract.ts";
import { type System, startSystem } from "./system.ts";

describe("without a worker for the CPU's queue", () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({}, { queues: ["workflow", "sources"] });
  });
  afterAll(() => system?.stop());

  test("the queue is named, a run says so on the terminal and waits, and all heals when the worker comes", async () => {
    const settled = { taskQueue: "candlecast", workerWaitSeconds: 60 };
    const access = { client: system.client, namespace: "default" };
    await expect.poll(() => queuesWithoutWorker(access, settled), { timeout: 20_000 }).toEqual(["candlecast-cpu"]);
    const sentence = "no worker polls task queue candlecast-cpu in namespace default; start one with `npm run worker`";
    expect(await missingWorkers(access, settled)).toBe(sentence);
    const run = await system.client.workflow.start(WORKFLOW_TYPES.pipeline, {
      taskQueue: "candlecast",
      workflowId: "waits",
      args: [{ symbols: ["HET"], asOf: "2016-12-31T12:00:00Z" }],
      memo: { [WORKER_WAIT_MEMO]: 4 },
    });
    const notes: string[] = [];
    const ended = new AbortController();
    const watching = watchWorkers(access, settled, (text) => notes.push(text), ended.signal);
    await expect.poll(() => notes, { timeout: 20_000 }).toEqual([sentence]);
    const page = async () => (await run.query<{ currentDetails?: string }>("__temporal_workflow_metadata")).currentDetails;
    await expect.poll(page, { timeout: 30_000 }).toMatch(/No worker has taken \w+ from task queue candlecast-cpu/);
    expect((await run.describe()).status.name).toBe("RUNNING");
    await system.serve(["cpu"]);
    expect(((await run.result()) as PipelineResult).manifest).toMatchObject({ published: true });
    await expect.poll(() => missingWorkers(access, settled), { timeout: 20_000 }).toBeNull();
    expect(await queuesWithoutWorker(access, { ...settled, taskQueue: "elsewhere" })).toContain("elsewhere");
    await expect.poll(() => notes, { timeout: 40_000 }).toEqual([sentence, "every task queue has a worker again"]);
    ended.abort();
    await watching;
  }, 120_000);
});
