import { readdirSync } from "node:fs";
import { join } from "node:path";
import { marketAvailable, marketFolder, startMarket } from "../../test/market-server.ts";
import { type System, startSystem } from "../../test/pipeline/system.ts";
import { WORKFLOW_TYPES } from "../../workflows/contract.ts";
import {
  type CpuSeconds,
  cpuSeconds,
  type RunHistory,
  readChildren,
  readHistory,
  spanOf,
  stepTable,
  timerSeconds,
  workflowTasks,
} from "./run-history.ts";

/**
 * How long candles take, from the source to the store, with features:
 *
 * `node bench/study/first-fetch.ts symbols` — one symbol at a time, from sources that have gaps of their own;
 * `node bench/study/first-fetch.ts coins [COINS] [profile]` — all daily coins of the spot market, cold and a day later, with
 * BINANCE_REQUESTS_PER_SECOND 10 and 50, or as it is set; `profile`: the steps of each run by their time in the queue and at work.
 *
 * A real Temporal server, a file store, and the market server of ../shared/market, which it needs. Nothing is trained.
 */
const [part = "symbols", ...rest] = process.argv.slice(2);
if (!marketAvailable) throw new Error("no real candles at ../shared/market");
if (part === "symbols") await eachSymbol();
else {
  const most = Number(rest.find((word) => /^\d+$/.test(word)) ?? Number.POSITIVE_INFINITY);
  const { BINANCE_REQUESTS_PER_SECOND: given } = process.env;
  const head =
    "requests/s allowed | run | coins | s | CPU s | of the worker | requests | requests/s | workflow tasks | of the run | children | events per coin | most | of the run";
  print(`| ${head} |\n|${"---|".repeat(head.split("|").length)}`);
  for (const perSecond of given ? [given] : ["10", "50"]) await allCoins({ most, profile: rest.includes("profile"), perSecond });
}

async function eachSymbol(): Promise<void> {
  const fetches = [
    ["BTC", "1d", "cryptocompare"],
    ["BTC", "1h", "binance"],
    ["ADA", "1h", "binance"],
  ] as const;
  const market = await startMarket();
  const { url } = market;
  const system = await startSystem({ BINANCE_URL: url, CRYPTOCOMPARE_URL: url, CRYPTOCOMPARE_API_KEY: "any" });
  print("| symbol | source | s | candles | missing | requests | rows received | events | workflow tasks |");
  print("|---|---|---|---|---|---|---|---|---|");
  for (const [symbol, interval, source] of fetches) {
    const began = performance.now();
    const { result } = await system.ingest({ symbol, sources: [source], interval, asOf: "2020-12-31T12:00:00Z", parent: null });
    const seconds = (performance.now() - began) / 1_000;
    const { rows, missing, counts } = result;
    const history = await readHistory(system.client, system.lastWorkflowId());
    print(
      `| ${symbol} ${interval} | ${source} | ${seconds.toFixed(1)} | ${rows} | ${missing} | ${counts.requests} | ${counts.received} | ${history.length} | ${workflowTasks(history)} |`,
    );
  }
  await system.stop();
  await market.stop();
}

async function allCoins({ most, profile, perSecond }: { most: number; profile: boolean; perSecond: string }): Promise<void> {
  const spot = join(marketFolder, "spot");
  const symbols = readdirSync(join(spot, "daily-spot"))
    .map((file) => file.split(".")[0])
    .sort()
    .slice(0, most);
  const market = await startMarket({ data: spot, now: "2023-12-30T12:00:00Z" });
  const env = { BINANCE_URL: market.url, CANDLE_SOURCE: "binance", BINANCE_REQUESTS_PER_SECOND: perSecond };
  const system = await startSystem(env, { queues: ["workflow", "sources"] });
  const profiles: string[] = [];
  for (const [name, asOf] of [
    ["cold", "2023-12-30T12:00:00Z"],
    ["a day later", "2023-12-31T12:00:00Z"],
  ] as const) {
    await market.control({ now: asOf, resetStats: true });
    const before = cpuSeconds();
    const { run, children, cpu } = await ingestAll(system, symbols, asOf);
    const { requests } = await market.stats();
    const { fromMs, toMs } = spanOf([run, ...children]);
    const seconds = (toMs - fromMs) / 1_000;
    const events = children.map((history) => history.length);
    const tasks = children.reduce((sum, history) => sum + workflowTasks(history), 0);
    const cells = [
      perSecond,
      name,
      symbols.length,
      seconds.toFixed(1),
      (cpu.all - before.all).toFixed(1),
      (cpu.own - before.own).toFixed(1),
      requests,
      (requests / seconds).toFixed(1),
      tasks,
      workflowTasks(run),
      children.length,
      (events.reduce((sum, n) => sum + n, 0) / symbols.length).toFixed(1),
      Math.max(...events),
      run.length,
    ];
    print(`| ${cells.join(" | ")} |`);
    if (profile) profiles.push(`\n${name}, timers ${timerSeconds(children).toFixed(1)} s`, stepTable([run, ...children]));
  }
  for (const text of profiles) print(text);
  await system.stop();
  await market.stop();
}

/** Runs the pipeline until all coins have their features, and ends it there. */
async function ingestAll(
  system: System,
  symbols: readonly string[],
  asOf: string,
): Promise<{ run: RunHistory; children: readonly RunHistory[]; cpu: CpuSeconds }> {
  const workflowId = `first-fetch-${asOf.slice(0, 10)}`;
  const handle = await system.client.workflow.start(WORKFLOW_TYPES.pipeline, {
    taskQueue: system.settings.taskQueue,
    workflowId,
    args: [{ symbols, asOf }],
  });
  for (let stage = "ingest"; stage === "ingest"; ) {
    await new Promise((next) => setTimeout(next, 1_000));
    stage = (await handle.query<{ stage: string }>("progress")).stage;
  }
  const cpu = cpuSeconds();
  await handle.terminate("its candles are fetched");
  const run = await readHistory(system.client, workflowId);
  return { run, children: await readChildren(system.client, run), cpu };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
