import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundleWithSourceMap } from "@temporalio/worker";
import { beforeAll, describe, expect, test } from "vitest";

Runtime.install({ logger: new DefaultLogger("ERROR") });

const folder = new URL("./histories/", import.meta.url);
const recorded = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .map((file) => ({ name: file.replace(/\.json$/, ""), ...(JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Recorded) }));

interface Recorded {
  readonly workflowId: string;
  readonly history: { events: { activityTaskScheduledEventAttributes?: { activityType: { name: string } } }[] };
}

describe("recorded histories", () => {
  let workflowBundle: WorkflowBundleWithSourceMap;
  beforeAll(async () => {
    workflowBundle = await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL("../../workflows/index.ts", import.meta.url)),
      logger: new DefaultLogger("ERROR"),
    });
  });

  test("are there of each workflow", () => {
    expect(recorded.map(({ name }) => name).sort()).toEqual([
      "backfill",
      "import-candles",
      "ingest-symbol",
      "ingest-symbol-failed",
      "pipeline",
      "pipeline-unchanged",
      "retention",
    ]);
  });

  test.each(recorded)("$name tells nothing of the machine that recorded it", ({ history }) => {
    expect(JSON.stringify(history)).not.toMatch(/node_modules|file:\/\/|"\d+@|"identity":"(?!worker")/);
  });

  test.each(recorded)("$name is still explained by this code", async ({ workflowId, history }) => {
    await Worker.runReplayHistory({ workflowBundle }, history, workflowId);
  });

  test("of other code are told apart", async () => {
    const { workflowId, history } = structuredClone(recorded.find(({ name }) => name === "pipeline") as Recorded);
    const first = history.events.find((event) => event.activityTaskScheduledEventAttributes);
    if (first?.activityTaskScheduledEventAttributes) first.activityTaskScheduledEventAttributes.activityType.name = "planSomethingElse";
    await expect(Worker.runReplayHistory({ workflowBundle }, history, workflowId)).rejects.toThrow(/nondeterminism|determinism/i);
  });
});
