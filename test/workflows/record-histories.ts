import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { historyToJSON } from "@temporalio/common/lib/proto-utils.js";
import { WORKFLOW_TYPES } from "../../workflows/contract.ts";
import { startSystem } from "../pipeline/system.ts";

/**
 * Records a history of each workflow, for the replay tests: `node test/workflows/record-histories.ts`. Record anew only
 * when a workflow has changed in a way that its running executions are known to survive.
 */
const system = await startSystem();
try {
  const folder = new URL("./histories/", import.meta.url);
  const record = async (name: string, workflowId: string) => {
    const history = await system.client.workflow.getHandle(workflowId).fetchHistory();
    const anonymous = JSON.parse(historyToJSON(history), withoutMachine);
    await writeFile(new URL(`${name}.json`, folder), `${JSON.stringify({ workflowId, history: anonymous })}\n`);
    process.stdout.write(`${name}: ${workflowId}, ${history.events?.length} events\n`);
  };
  await system.run({ symbols: ["HET", "BTC"], asOf: "2020-12-31T12:00:00Z" });
  const run = system.lastWorkflowId();
  await record("pipeline", run);
  await record("ingest-symbol", `${run}/HET`);
  await record("ingest-symbol-failed", `${run}/BTC`);
  await system.run({ symbols: ["HET"], asOf: "2020-12-31T12:00:00Z" });
  await record("pipeline-unchanged", system.lastWorkflowId());
  await system.backfill({ symbols: ["HET"], from: "2015-01-01", to: "2020-01-01" });
  await record("backfill", system.lastWorkflowId());
  const execute = async (type: string, input: object) => {
    await system.client.workflow.execute(type, { taskQueue: "candlecast", workflowId: `${type}-1`, args: [input] });
    return `${type}-1`;
  };
  const rows = ["2020-01-01", "2020-01-02"].map((day) => `QQQ,${day},10,12,9,11,5`);
  const file = join(system.storeFolder, "..", "candles.csv");
  await writeFile(file, ["symbol,time,open,high,low,close,volume", ...rows].join("\n"));
  await record("import-candles", await execute(WORKFLOW_TYPES.importCandles, { files: [file, `${file}.gone`] }));
  await record("retention", await execute(WORKFLOW_TYPES.retention, {}));
} finally {
  await system.stop();
}

/** Leaves out what tells of the machine that recorded: its name, process numbers, paths. */
function withoutMachine(key: string, value: unknown): unknown {
  if (key === "identity") return "worker";
  if (key === "stackTrace") return "";
  return key === "name" && typeof value === "string" && /^\d+@/.test(value) ? "sticky" : value;
}
