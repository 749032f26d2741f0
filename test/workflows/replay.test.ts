import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundleWithSourceMap } from "@temporalio/worker";
import { DeterminismViolationError } from "@temporalio/workflow";
import { beforeAll, describe, expect, test } from "vitest";
import { WORKFLOW_TYPES } from "../../workflows/contract.ts";
import { scanHistory } from "../pipeline/scan-histories.ts";

Runtime.install({ logger: new DefaultLogger("ERROR"), shutdownSignals: [] });

const MAX_PAYLOAD = 64 * 1024;
const folder = new URL("./histories/", import.meta.url);
const recorded = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .map((file) => ({ name: file.replace(/\.json$/, ""), ...(JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Recorded) }));

interface HistoryEvent {
  activityTaskScheduledEventAttributes?: { activityType: { name: string } };
  workflowExecutionStartedEventAttributes?: { workflowType: { name: string } };
}

interface Recorded {
  readonly workflowId: string;
  readonly history: { events: HistoryEvent[] };
}

function bundleOf(file: string): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({ workflowsPath: fileURLToPath(new URL(file, import.meta.url)), logger: new DefaultLogger("ERROR") });
}

function named(name: string): Recorded {
  return structuredClone(recorded.find((history) => history.name === name) as Recorded);
}

describe("recorded histories", () => {
  let workflowBundle: WorkflowBundleWithSourceMap;
  beforeAll(async () => {
    workflowBundle = await bundleOf("../../workflows/index.ts");
  });

  test("exist for each workflow", () => {
    const types = recorded.map(({ history }) => history.events[0].workflowExecutionStartedEventAttributes?.workflowType.name);
    expect([...new Set(types)].sort()).toEqual(Object.values(WORKFLOW_TYPES).sort());
  });

  test("exist for each course of a backfill", () => {
    const ways = recorded.map(({ name }) => name).filter((name) => name.startsWith("backfill-"));
    expect(ways).toEqual(["cancelled", "continued", "continues", "failed", "nothing", "steered"].map((way) => `backfill-${way}`));
  });

  test.each(recorded)("$name reveals nothing about the machine that recorded it", ({ history }) => {
    expect(JSON.stringify(history)).not.toMatch(/node_modules|file:\/\/|"\d+@|"identity":"(?!worker")/);
  });

  test.each(recorded)("$name holds no payload above 64 KB, and nothing that looks like a credential", ({ history }) => {
    const { largestPayload, leak } = scanHistory(JSON.stringify(history), ["Apikey", "api_key", "password", "secret", "AKIA"]);
    expect(largestPayload).toBeGreaterThan(0);
    expect(largestPayload).toBeLessThan(MAX_PAYLOAD);
    expect(leak).toBe(false);
  });

  test.each(recorded)("$name replays under this code", async ({ workflowId, history }) => {
    await Worker.runReplayHistory({ workflowBundle }, history, workflowId);
  });

  test("do not replay under a workflow with two steps swapped", async () => {
    const { workflowId, history } = named("ingest-symbol");
    const swapped = await bundleOf("./swapped-steps.ts");
    await expect(Worker.runReplayHistory({ workflowBundle: swapped }, history, workflowId)).rejects.toThrow(DeterminismViolationError);
  });

  test("of other code are refused", async () => {
    const { workflowId, history } = named("pipeline");
    const first = history.events.find((event) => event.activityTaskScheduledEventAttributes);
    if (first?.activityTaskScheduledEventAttributes) first.activityTaskScheduledEventAttributes.activityType.name = "planSomethingElse";
    await expect(Worker.runReplayHistory({ workflowBundle }, history, workflowId)).rejects.toThrow(DeterminismViolationError);
  });
});
