import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundleWithSourceMap } from "@temporalio/worker";
import { beforeAll, describe, expect, test } from "vitest";
import { WORKFLOW_INTERCEPTORS } from "../../telemetry/worker-telemetry.ts";

Runtime.install({ logger: new DefaultLogger("ERROR", () => {}) });

const histories = new URL("../workflows/histories/", import.meta.url);
const recorded = readdirSync(histories).map((file) => ({ file, ...readJson(new URL(file, histories)) }));
const lanes = readJson(new URL("./lanes.json", import.meta.url));

function readJson(url: URL) {
  return JSON.parse(readFileSync(url, "utf8"));
}

async function bundle(workflows: string, interceptors: readonly string[]): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL(workflows, import.meta.url)),
    workflowInterceptorModules: [...interceptors],
    logger: new DefaultLogger("ERROR"),
  });
}

describe("a run that was started without tracing", () => {
  let traced: WorkflowBundleWithSourceMap;
  beforeAll(async () => {
    traced = await bundle("../../workflows/index.ts", [WORKFLOW_INTERCEPTORS]);
  });

  test.each(recorded)("continues with it: $file", async ({ workflowId, history }) => {
    await Worker.runReplayHistory({ workflowBundle: traced }, history, workflowId);
  });

  test("makes the same decisions if an activity and a timer complete in one task", async () => {
    const workflowBundle = await bundle("./lanes-workflow.ts", [WORKFLOW_INTERCEPTORS]);
    await Worker.runReplayHistory({ workflowBundle }, structuredClone(lanes), "lanes");
  });

  test("would make different ones with interceptors that yield", async () => {
    const workflowBundle = await bundle("./lanes-workflow.ts", [fileURLToPath(new URL("./yielding-interceptors.ts", import.meta.url))]);
    await expect(Worker.runReplayHistory({ workflowBundle }, structuredClone(lanes), "lanes")).rejects.toThrow(/determinism/i);
  });
});
