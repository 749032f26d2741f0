import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { missingWorkers, queuesWithoutWorker, warnWithoutWorker } from "../../cli/runs/task-queue.ts";
import { type PipelineResult, WORKFLOW_TYPES } from "../../workflows/contract.ts";
import { type System, startSystem } from "./system.ts";

describe("without a worker for the CPU's queue", () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({}, { queues: ["workflow", "sources"] });
  });
  afterAll(() => system?.stop());

  test("the queue is named, a run says so on the terminal and waits, and all heals when the worker comes", async () => {
    const access = { client: system.client, namespace: "default" };
    await expect.poll(() => queuesWithoutWorker(access, "candlecast"), { timeout: 20_000 }).toEqual(["candlecast-cpu"]);
    const sentence = "no worker polls task queue candlecast-cpu in namespace default; start one with `npm run worker`";
    expect(await missingWorkers(access, "candlecast")).toBe(sentence);
    const run = await system.client.workflow.start(WORKFLOW_TYPES.pipeline, {
      taskQueue: "candlecast",
      workflowId: "waits",
      args: [{ symbols: ["HET"], asOf: "2016-12-31T12:00:00Z" }],
    });
    const notes: string[] = [];
    await warnWithoutWorker(access, "candlecast", (text) => notes.push(text));
    expect(notes).toEqual([sentence]);
    expect((await run.describe()).status.name).toBe("RUNNING");
    await system.serve(["cpu"]);
    expect(((await run.result()) as PipelineResult).manifest).toMatchObject({ published: true });
    await expect.poll(() => missingWorkers(access, "candlecast"), { timeout: 20_000 }).toBeNull();
    expect(await queuesWithoutWorker(access, "elsewhere")).toContain("elsewhere");
  }, 120_000);
});
