import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { historyToJSON } from "@temporalio/common/lib/proto-utils.js";
import {
  type BackfillInput,
  type BackfillProgress,
  PAUSE_SIGNAL,
  PROGRESS_QUERY,
  RESUME_SIGNAL,
  SET_PARALLELISM_UPDATE,
  WORKFLOW_TYPES,
} from "../../workflows/contract.ts";
import { startBinanceWithTicker, tickerRow } from "../binance-with-ticker.ts";
import { startSystem } from "../pipeline/system.ts";

/**
 * Records a history of each course of each workflow, for the replay tests: `node test/workflows/record-histories.ts`, or those of a part:
 * `node test/workflows/record-histories.ts scorings`. Record anew only when a workflow has changed in a way that its running executions are known to survive.
 */
const ticker = await startBinanceWithTicker("http://127.0.0.1:1");
ticker.list([tickerRow("BTCUSDT", 9_000), tickerRow("LTCUSDT", 500)]);
const system = await startSystem({ BINANCE_URL: ticker.url });
const folder = new URL("./histories/", import.meta.url);

async function record(name: string, workflowId: string, runId?: string): Promise<void> {
  const history = await system.client.workflow.getHandle(workflowId, runId).fetchHistory();
  const anonymous = JSON.parse(historyToJSON(history), withoutMachine);
  await writeFile(new URL(`${name}.json`, folder), `${JSON.stringify({ workflowId, history: anonymous })}\n`);
  process.stdout.write(`${name}: ${workflowId}, ${history.events?.length} events\n`);
}

async function recordPipelines(): Promise<void> {
  await system.run({ symbols: ["HET", "BTC"], asOf: "2020-12-31T12:00:00Z" });
  const run = system.lastWorkflowId();
  await record("pipeline", run);
  await record("ingest-symbol", `${run}/HET`);
  await record("ingest-symbol-failed", `${run}/BTC`);
  await system.run({ symbols: ["HET"], asOf: "2020-12-31T12:00:00Z" });
  await record("pipeline-unchanged", system.lastWorkflowId());
  await system.run({ symbols: ["top:1", "HET"], asOf: "2020-12-31T12:00:00Z" });
  await record("pipeline-universe", system.lastWorkflowId());
  await system.run({ symbols: ["HET"], horizon: 0 }).catch(() => {});
  await record("pipeline-refused", system.lastWorkflowId());
}

async function recordBackfills(): Promise<void> {
  const input: BackfillInput = {
    symbols: ["HET"],
    interval: "1h",
    from: "2019-01-01",
    to: "2019-05-01",
    windowCandles: 24,
    parallelism: 2,
  };
  const start = (workflowId: string, given: BackfillInput) =>
    system.client.workflow.start("backfill", { taskQueue: system.settings.taskQueue, workflowId, args: [given] });
  const long = await start("backfill-long", input);
  await long.result();
  await record("backfill-continues", "backfill-long", long.firstExecutionRunId);
  await record("backfill-continued", "backfill-long");
  await system.backfill(input);
  await record("backfill-nothing", system.lastWorkflowId());

  const steered = await start("backfill-steered", { ...input, from: "2020-01-01", to: "2020-01-20" });
  const reached = async (done: number) => {
    while ((await steered.query<BackfillProgress>(PROGRESS_QUERY)).done < done) await new Promise((next) => setTimeout(next, 20));
  };
  await reached(2);
  await steered.signal(PAUSE_SIGNAL);
  await steered.executeUpdate(SET_PARALLELISM_UPDATE, { args: [4] });
  await steered.signal(RESUME_SIGNAL);
  await steered.result();
  await record("backfill-steered", "backfill-steered");

  const cancelled = await start("backfill-cancelled", { ...input, from: "2021-01-01", to: "2021-03-01" });
  while ((await cancelled.query<BackfillProgress>(PROGRESS_QUERY)).done < 4) await new Promise((next) => setTimeout(next, 20));
  await cancelled.cancel();
  await cancelled.result();
  await record("backfill-cancelled", "backfill-cancelled");

  await system.backfill({ symbols: ["BTC"], from: "2019-01-01", to: "2019-02-01" });
  await record("backfill-failed", system.lastWorkflowId());
}

async function recordStoreWorkflows(): Promise<void> {
  const execute = async (type: string, input: object) => {
    await system.client.workflow.execute(type, { taskQueue: system.settings.taskQueue, workflowId: `${type}-1`, args: [input] });
    return `${type}-1`;
  };
  const rows = ["2020-01-01", "2020-01-02"].map((day) => `QQQ,${day},10,12,9,11,5`);
  const file = join(system.storeFolder, "..", "candles.csv");
  await writeFile(file, ["symbol,time,open,high,low,close,volume", ...rows].join("\n"));
  await record("import-candles", await execute(WORKFLOW_TYPES.importCandles, { files: [file, `${file}.gone`] }));
  await record("retention", await execute(WORKFLOW_TYPES.retention, {}));
}

/** Runs that score forecasts at their end; those of before, and of `recordPipelines`, end with the manifest. */
async function recordScorings(): Promise<void> {
  await system.run({ symbols: ["HET"], asOf: "2020-12-31T12:00:00Z" });
  await system.run({ symbols: ["HET"], asOf: "2021-01-02T12:00:00Z" });
  const run = system.lastWorkflowId();
  await record("pipeline-scored", run);
  await record("score", `${run}/score`);
}

/** Runs whose steps fetch pages ahead; those of before have a step for each request. */
async function recordFetches(): Promise<void> {
  await system.run({ symbols: ["HET", "BTC"], asOf: "2020-12-31T12:00:00Z" });
  const run = system.lastWorkflowId();
  await record("pipeline-ahead", run);
  await record("ingest-symbol-ahead", `${run}/HET`);
  await record("ingest-symbol-ahead-failed", `${run}/BTC`);
  // Some 26 pages, so that the rest of a step goes on in the next one.
  await system.ingest({ symbol: "HET", sources: ["simulated"], interval: "1m", asOf: "2026-03-31T12:00:00Z", parent: null });
  await record("ingest-symbol-ahead-batches", system.lastWorkflowId());
  await system.backfill({ symbols: ["HET"], interval: "1h", from: "2019-01-01", to: "2019-01-15", windowCandles: 48, parallelism: 2 });
  await record("windows-ahead", system.lastWorkflowId());
}

/** Runs with a child for some coins; those of before, and of the parts above, have one for each coin. */
async function recordBatches(): Promise<void> {
  await system.run({ symbols: ["HET", "BTC"], asOf: "2020-12-31T12:00:00Z" });
  const run = system.lastWorkflowId();
  await record("pipeline-batches", run);
  await record("ingest-batch", `${run}/batch-1`);
  // Some 26 pages, so that the coin goes on alone.
  const { taskQueue } = system.settings;
  const coins = [{ symbol: "HET", sources: ["simulated"] }];
  const input = { coins, interval: "1m", asOf: "2026-03-31T12:00:00Z", atOnce: 8, parent: null };
  await system.client.workflow.execute(WORKFLOW_TYPES.ingestBatch, { taskQueue, workflowId: "batch-long", args: [input] });
  await record("ingest-batch-long", "batch-long");
}

const PARTS: Readonly<Record<string, () => Promise<void>>> = {
  pipelines: recordPipelines,
  backfills: recordBackfills,
  stores: recordStoreWorkflows,
  scorings: recordScorings,
  fetches: recordFetches,
  batches: recordBatches,
};

try {
  const [part] = process.argv.slice(2);
  for (const [name, recordPart] of Object.entries(PARTS)) if (part === undefined || part === name) await recordPart();
} finally {
  await system.stop();
  await ticker.stop();
}

/** Leaves out everything about the machine that recorded: its name, process numbers, paths. */
function withoutMachine(key: string, value: unknown): unknown {
  if (key === "identity") return "worker";
  if (key === "stackTrace") return "";
  return key === "name" && typeof value === "string" && /^\d+@/.test(value) ? "sticky" : value;
}
