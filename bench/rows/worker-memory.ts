import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Client, Connection } from "@temporalio/client";
import { startDevServer } from "../../dev/temporal/dev-server.ts";
import { findTemporal } from "../../dev/temporal/find-temporal.ts";
import { startMarket } from "../../test/market-server.ts";
import { type PipelineInput, type PipelineResult, WORKFLOW_TYPES } from "../../workflows/contract.ts";
import { MARKET_AS_OF, MARKET_COINS } from "../market-candles.ts";
import type { Line, Row } from "../row.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const TASK_QUEUE = "candlecast-bench";

/**
 * A worker as users start it, a fresh one for each scope, over a whole run of the real pipeline: fetching, features, training,
 * reports, publishing. It needs ../shared/market.
 */
export const workerMemoryRow: Row = {
  name: "memory",
  needsMarket: true,
  run: async ({ folder }) => [await measureScope(join(folder, "pooled"), "pooled"), await measureScope(join(folder, "coin"), "coin")],
};

async function measureScope(folder: string, scope: "pooled" | "coin"): Promise<Line> {
  mkdirSync(folder);
  const market = await startMarket();
  const server = await startDevServer({
    binary: (await findTemporal()).path,
    stateDir: folder,
    port: null,
    uiPort: null,
    namespace: "default",
  });
  const connection = await Connection.connect({ address: server.address });
  const env = {
    STATE_DIR: folder,
    TEMPORAL_ADDRESS: server.address,
    TEMPORAL_TASK_QUEUE: TASK_QUEUE,
    CANDLE_SOURCE: "cryptocompare",
    CRYPTOCOMPARE_URL: market.url,
    CRYPTOCOMPARE_API_KEY: "any",
    LOG_LEVEL: "ERROR",
  };
  const worker = spawn(process.execPath, ["worker.ts"], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await saysReady(worker);
    return await measure(new Client({ connection }), worker, scope);
  } finally {
    await stop(worker);
    await connection.close();
    await server.stop();
    await market.stop();
  }
}

async function measure(client: Client, worker: ChildProcess, scope: "pooled" | "coin"): Promise<Line> {
  const input: PipelineInput = { symbols: MARKET_COINS, scope, asOf: MARKET_AS_OF };
  const result: PipelineResult = await client.workflow.execute(WORKFLOW_TYPES.pipeline, {
    taskQueue: TASK_QUEUE,
    workflowId: `bench-${scope}`,
    args: [input],
  });
  const trained = result.symbols.filter(({ status }) => status === "ok").length;
  return {
    what: `a worker over the whole pipeline, scope ${scope}, default settings, ${trained} of ${MARKET_COINS.length} coins with candles enough`,
    measure: "peak memory",
    unit: "MB",
    ours: peakBytes(worker) / 1e6,
    against: "",
    theirs: null,
    goal: { atMost: 600 },
    equality: {
      equal: true,
      text: `fetching ${result.seconds.ingest.toFixed(1)} s, training and assessment ${result.seconds.training.toFixed(1)} s`,
    },
  };
}

async function saysReady({ stdout }: ChildProcess): Promise<void> {
  if (!stdout) throw new Error("the worker has no output");
  for await (const line of createInterface({ input: stdout })) if (line.includes('"ready":true')) return;
  throw new Error("the worker ended before it was ready");
}

/** Most resident memory since its start. */
function peakBytes({ pid }: ChildProcess): number {
  const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return found ? Number(found[1]) * 1024 : Number.NaN;
}

async function stop(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null) return;
  const gone = new Promise((done) => worker.once("exit", done));
  worker.kill("SIGTERM");
  await gone;
}
