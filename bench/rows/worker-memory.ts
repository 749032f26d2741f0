import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Client, Connection } from "@temporalio/client";
import { sparingEnvironment } from "../../dev/processes/return-memory.ts";
import { startDevServer } from "../../dev/temporal/dev-server.ts";
import { findTemporal } from "../../dev/temporal/find-temporal.ts";
import { marketFolder, startMarket } from "../../test/market-server.ts";
import { type PipelineInput, type PipelineResult, WORKFLOW_TYPES } from "../../workflows/contract.ts";
import { MARKET_AS_OF, MARKET_COINS } from "../market-candles.ts";
import type { Line, Row } from "../row.ts";
import { readSpotFile } from "../spot-candles.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const TASK_QUEUE = "candlecast-bench";
const SPOT_AS_OF = "2023-12-30T12:00:00Z";
const MILLION = 1_000_000;
/** Requests a second, so that fetching takes no longer than it must. */
const PER_SECOND = "50";

/** What a worker is measured over. */
interface Case {
  readonly what: string;
  readonly atMost: number;
  readonly input: PipelineInput & { readonly symbols: readonly string[] };
  /** folder of the market's candles; the server's own where it is left out */
  readonly data?: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * A worker as commands start it, a fresh one for each case, over a whole run of the real pipeline: fetching, features, training,
 * reports, publishing. It needs ../shared/market. A million rows are the hourly candles of eight coins, under several names.
 */
export const workerMemoryRow: Row = {
  name: "memory",
  needsMarket: true,
  async run({ folder }) {
    const spot = join(marketFolder, "spot");
    const cases: Case[] = [
      marketCase("pooled", 500),
      marketCase("coin", 500),
      spotCase({ what: "daily coins, pooled", atMost: 700, data: spot, interval: "1d" }),
      spotCase({
        what: "hourly coins of a million rows, pooled",
        atMost: 1_200,
        data: copyHourly(spot, join(folder, "hourly")),
        interval: "1h",
      }),
    ];
    const lines = [];
    for (const [i, one] of cases.entries()) lines.push(await measureCase(join(folder, `case-${i}`), one));
    return lines;
  },
};

function marketCase(scope: "pooled" | "coin", atMost: number): Case {
  const env = { CANDLE_SOURCE: "cryptocompare", CRYPTOCOMPARE_API_KEY: "any" };
  return { what: `coins, scope ${scope}`, atMost, input: { symbols: MARKET_COINS, scope, asOf: MARKET_AS_OF }, env };
}

function spotCase({ what, atMost, data, interval }: { what: string; atMost: number; data: string; interval: "1d" | "1h" }): Case {
  const files = readdirSync(join(data, interval === "1d" ? "daily-spot" : "hourly-spot"));
  const symbols = files.map((file) => file.split(".")[0]).sort();
  const env = { CANDLE_SOURCE: "binance", BINANCE_REQUESTS_PER_SECOND: PER_SECOND };
  return { what, atMost, data, env, input: { symbols, scope: "pooled", interval, asOf: SPOT_AS_OF } };
}

/** A folder with the hourly files of a market, again and again under other names, until there are a million rows. */
function copyHourly(spot: string, folder: string): string {
  const from = join(spot, "hourly-spot");
  mkdirSync(join(folder, "hourly-spot"), { recursive: true });
  const files = readdirSync(from).sort();
  const lengths = files.map((file) => readSpotFile(file, readFileSync(join(from, file)), "1h").length);
  for (let copy = 0, rows = 0; rows < MILLION; copy++) {
    const i = copy % files.length;
    const name = copy < files.length ? files[i] : files[i].replace(".", `${Math.floor(copy / files.length)}.`);
    symlinkSync(join(from, files[i]), join(folder, "hourly-spot", name));
    rows += lengths[i];
  }
  return folder;
}

async function measureCase(folder: string, one: Case): Promise<Line> {
  mkdirSync(folder);
  const market = await startMarket(one.data ? { data: one.data, now: SPOT_AS_OF } : {});
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
    CRYPTOCOMPARE_URL: market.url,
    BINANCE_URL: market.url,
    LOG_LEVEL: "ERROR",
    ...one.env,
  };
  const worker = spawn(process.execPath, ["worker.ts"], {
    cwd: ROOT,
    env: sparingEnvironment({ ...process.env, ...env }),
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await saysReady(worker);
    return await measure(new Client({ connection }), worker, one);
  } finally {
    await stop(worker);
    await connection.close();
    await server.stop();
    await market.stop();
  }
}

async function measure(client: Client, worker: ChildProcess, { what, atMost, input }: Case): Promise<Line> {
  const result: PipelineResult = await client.workflow.execute(WORKFLOW_TYPES.pipeline, {
    taskQueue: TASK_QUEUE,
    workflowId: "bench-memory",
    args: [input],
  });
  const trained = result.symbols.filter(({ status }) => status === "ok");
  const rows = trained.reduce((sum, symbol) => sum + symbol.rows, 0);
  return {
    what: `a worker over the whole pipeline, ${input.symbols.length} ${what}, default settings, ${trained.length} with candles enough, ${rows.toLocaleString("en")} candles`,
    measure: "peak memory",
    unit: "MB",
    ours: peakBytes(worker) / 1e6,
    against: "",
    theirs: null,
    goal: { atMost },
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
