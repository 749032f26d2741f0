import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { ScheduleOverlapPolicy } from "@temporalio/client";
import { type System, startSystem } from "../../test/pipeline/system.ts";
import { type BackfillResult, WORKFLOW_TYPES } from "../../workflows/contract.ts";

/**
 * One backfill of many windows while the pipeline runs on a schedule: `npm run stress:backfill`. Prints how long it took,
 * how long the histories grew, and by how much each scheduled run lagged. Ends with 1 if a window failed, a history
 * grew beyond its bound, or a scheduled run lagged by two periods or none was due.
 */
const { values } = parseArgs({
  options: {
    windows: { type: "string", default: "2500" },
    period: { type: "string", default: "30" },
    parallelism: { type: "string", default: "32" },
  },
});
const WINDOWS = Number(values.windows);
const PERIOD_MS = Number(values.period) * 1000;
/** Minutes of a window: eight windows share a day's file. */
const WINDOW_CANDLES = 180;
const FROM = Date.parse("2026-01-01");
const MAX_EVENTS = 3_000;

const system = await startSystem({ SYMBOLS: "HET" });
let failed = false;
try {
  await system.run({ symbols: ["HET"] });
  const lags = scheduleRuns(system);
  const started = Date.now();
  const handle = await system.client.workflow.start(WORKFLOW_TYPES.backfill, {
    taskQueue: system.settings.taskQueue,
    workflowId: "stress",
    args: [
      {
        symbols: ["HET"],
        interval: "1m",
        from: new Date(FROM).toISOString(),
        to: new Date(FROM + WINDOWS * WINDOW_CANDLES * 60_000).toISOString(),
        windowCandles: WINDOW_CANDLES,
        parallelism: Number(values.parallelism),
      },
    ],
  });
  const result = (await handle.result()) as BackfillResult;
  const seconds = (Date.now() - started) / 1000;
  const lengths = await historyLengths(system, "stress");
  const runs = await (await lags)();
  const most = Math.max(...runs.map(({ lagMs }) => lagMs));
  print("machine", `${availableParallelism()} cores, ${cpus()[0].model}, Node ${process.version}`);
  print("windows", `${result.done} of ${result.windows}, ${result.failedWindows} failed, ${result.added} candles added`);
  print("took", `${seconds.toFixed(1)} s, ${(result.done / seconds).toFixed(1)} windows/s, ${values.parallelism} at once`);
  print("histories", `${lengths.length} runs, the longest with ${Math.max(...lengths)} events`);
  print("scheduled runs", `${runs.length} in that time, one every ${PERIOD_MS / 1000} s`);
  const lag = runs.length === 0 ? "unknown: none was due; take more windows or a shorter period" : `at most ${(most / 1000).toFixed(1)} s`;
  print("their lag", `${lag} from due to done (two periods: ${(2 * PERIOD_MS) / 1000} s)`);
  const keptUp = runs.length > 0 && most < 2 * PERIOD_MS;
  failed = result.done !== WINDOWS || result.failedWindows > 0 || Math.max(...lengths) > MAX_EVENTS || !keptUp;
} finally {
  await system.stop();
}
process.exitCode = failed ? 1 : 0;

/** Starts a schedule; what it hands back ends it and tells each of its runs. */
async function scheduleRuns({ client, settings }: System): Promise<() => Promise<{ lagMs: number }[]>> {
  const schedule = await client.schedule.create({
    scheduleId: "stress-schedule",
    spec: { intervals: [{ every: PERIOD_MS }] },
    policies: { overlap: ScheduleOverlapPolicy.BUFFER_ONE },
    action: {
      type: "startWorkflow",
      workflowType: WORKFLOW_TYPES.pipeline,
      workflowId: "scheduled",
      taskQueue: settings.taskQueue,
      args: [{ symbols: ["HET"], trigger: "schedule" }],
    },
  });
  return async () => {
    await schedule.pause();
    const lags: { lagMs: number }[] = [];
    for await (const { workflowId, runId } of client.workflow.list({ query: "TemporalScheduledById = 'stress-schedule'" })) {
      const handle = client.workflow.getHandle(workflowId, runId);
      await handle.result();
      const { searchAttributes, closeTime } = await handle.describe();
      const due = searchAttributes.TemporalScheduledStartTime?.[0];
      if (due instanceof Date && closeTime) lags.push({ lagMs: closeTime.getTime() - due.getTime() });
    }
    return lags;
  };
}

async function historyLengths({ client }: System, workflowId: string): Promise<number[]> {
  const lengths: number[] = [];
  for await (const { historyLength } of client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) lengths.push(historyLength);
  return lengths;
}

function print(name: string, text: string): void {
  process.stdout.write(`${name.padEnd(16)}${text}\n`);
}
