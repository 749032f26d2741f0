import { readFileSync } from "node:fs";
import { historyToJSON } from "@temporalio/common/lib/proto-utils.js";
import { serveFakeSteps } from "../../test/pipeline/fake-steps.ts";
import { scanHistory } from "../../test/pipeline/scan-histories.ts";
import { type System, startSystem } from "../../test/pipeline/system.ts";
import { type PipelineProgress, type PipelineResult, PROGRESS_QUERY, WORKFLOW_TYPES } from "../../workflows/contract.ts";
import { cpuSeconds } from "./run-history.ts";

/**
 * What a run of very many coins costs, and how large its histories and payloads are:
 *
 * `node bench/study/many-coins.ts [COINS] [CANDLES] [ingest]` — 2,000 simulated coins with 500 daily candles each, which is a million rows,
 * cold; `ingest`: only candles and features, without models; `histories`: only the orchestration, with steps that do nothing.
 *
 * A real Temporal server, a file store, one worker, and the simulated source at its 100 requests a second.
 */
const words = process.argv.slice(2);
const [coins = 2_000, candles = 500] = words.filter((word) => /^\d+$/.test(word)).map(Number);
const isIngest = words.includes("ingest");
const isEmpty = words.includes("histories");
const DAY = 86_400_000;
const asOf = new Date(Date.parse("2015-01-01T12:00:00Z") + candles * DAY).toISOString();
const symbols = Array.from({ length: coins }, (_, i) => (i === 0 ? "HET" : `HET${i + 1}`));

const system = await startSystem({}, { queues: isEmpty ? [] : isIngest ? ["workflow", "sources"] : undefined });
const fakes = isEmpty ? await serveFakeSteps(system) : null;
try {
  const began = performance.now();
  const cpuBefore = cpuSeconds();
  const handle = await system.client.workflow.start(WORKFLOW_TYPES.pipeline, {
    taskQueue: system.settings.taskQueue,
    workflowId: "many-coins",
    args: [{ symbols, asOf }],
  });
  const stages = new Map<string, number>();
  const watched = new AbortController();
  const result = isIngest ? null : handle.result().finally(() => watched.abort());
  for (let stage = "ingest"; !watched.signal.aborted && !(isIngest && stage !== "ingest"); ) {
    await new Promise((next) => setTimeout(next, 1_000));
    stage = (await handle.query<PipelineProgress>(PROGRESS_QUERY)).stage;
    if (!stages.has(stage)) stages.set(stage, (performance.now() - began) / 1_000);
  }
  const ended: PipelineResult | null = await result;
  const seconds = (performance.now() - began) / 1_000;
  const cpu = cpuSeconds();
  const peakMb = process.resourceUsage().maxRSS / 1_024;
  const serverMb = serverPeakMb();
  if (isIngest) await handle.terminate("its features are there");
  const [run, ...children] = await sizesOf(system);
  const all = [run, ...children];
  const sum = (of: (size: HistorySize) => number) => all.reduce((total, size) => total + of(size), 0);
  const most = (of: (size: HistorySize) => number) => Math.max(...children.map(of));
  const perCoin = (total: number, digits: number) => (total / coins).toFixed(digits);
  const cpuAll = cpu.all - cpuBefore.all;
  const rows: (string | number)[][] = [
    ["coins, candles of each", `${coins}, ${candles}`, ""],
    ["seconds", seconds.toFixed(0), perCoin(seconds, 3)],
    ...[...stages].map(([stage, at]) => [`until ${stage}`, at.toFixed(0), ""]),
    ["CPU seconds", cpuAll.toFixed(0), perCoin(cpuAll, 3)],
    ["of the worker", (cpu.own - cpuBefore.own).toFixed(0), perCoin(cpu.own - cpuBefore.own, 3)],
    ["peak memory of the worker, MB", peakMb.toFixed(0), ""],
    ["of Temporal's server, MB", serverMb?.toFixed(0) ?? "unknown", ""],
    ["children", children.length, ""],
    ["events of the run", run.events, perCoin(run.events, 2)],
    ["events of a child, most", most(({ events }) => events), ""],
    [
      "events of all",
      sum(({ events }) => events),
      perCoin(
        sum(({ events }) => events),
        2,
      ),
    ],
    ["history of the run, KB", (run.bytes / 1_024).toFixed(0), perCoin(run.bytes / 1_024, 2)],
    ["of a child, most, KB", (most(({ bytes }) => bytes) / 1_024).toFixed(0), ""],
    ["of all, KB", (sum(({ bytes }) => bytes) / 1_024).toFixed(0), perCoin(sum(({ bytes }) => bytes) / 1_024, 2)],
    ["largest payload, KB", (Math.max(...all.map(({ largestPayload }) => largestPayload)) / 1_024).toFixed(0), ""],
  ];
  process.stdout.write(`| | all | a coin |\n|---|---|---|\n${rows.map((cells) => `| ${cells.join(" | ")} |\n`).join("")}`);
  if (ended) {
    const { summary, symbols: told, allSymbols } = ended;
    process.stdout.write(
      `\n${summary}\nThe result names ${told.length} coins; ${allSymbols?.outcomes.length ?? 0} are behind references.\n`,
    );
  }
} finally {
  await fakes?.stop();
  await system.stop();
}

interface HistorySize {
  readonly events: number;
  readonly bytes: number;
  readonly largestPayload: number;
}

/** Of the run, then of all others. */
async function sizesOf({ client }: System): Promise<HistorySize[]> {
  const sizes: HistorySize[] = [];
  for await (const { workflowId, runId } of client.workflow.list()) {
    const handle = client.workflow.getHandle(workflowId, runId);
    const { historyLength = 0, historySize = 0 } = await handle.describe();
    const { largestPayload } = scanHistory(historyToJSON(await handle.fetchHistory()), []);
    const size = { events: historyLength, bytes: historySize, largestPayload };
    if (workflowId === "many-coins") sizes.unshift(size);
    else sizes.push(size);
  }
  return sizes;
}

/** Peak memory of Temporal's server; null where the system does not tell. */
function serverPeakMb(): number | null {
  try {
    const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8").trim().split(" ");
    const peaks = children.map((pid) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0));
    return Math.max(...peaks) / 1_024;
  } catch {
    return null;
  }
}
