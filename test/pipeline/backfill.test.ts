import { fileURLToPath } from "node:url";
import type { WorkflowHandle } from "@temporalio/client";
import { bundleWorkflowCode, DefaultLogger } from "@temporalio/worker";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { replayRecent } from "../../cli/runs/replay-run.ts";
import { sourceQueue } from "../../core/vocabulary/queue-names.ts";
import { surveyBackfill } from "../../operations/survey-backfill.ts";
import { createSources } from "../../sources/create-sources.ts";
import {
  type BackfillInput,
  type BackfillProgress,
  type BackfillResult,
  PAUSE_SIGNAL,
  PROGRESS_QUERY,
  RESUME_SIGNAL,
  SET_PARALLELISM_UPDATE,
} from "../../workflows/contract.ts";
import type { SymbolOutcome } from "../../workflows/symbol-outcome.ts";
import { type Market, marketAvailable, startMarket } from "../market-server.ts";
import { listObjects, type System, startSystem } from "./system.ts";

const HOUR = 3_600_000;
/** Of steps, as Temporal's API counts the kinds of queues. */
const ACTIVITY_QUEUE = 2;

describe("backfill on a real Temporal server", () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({}, { queues: ["workflow"] });
  });
  afterAll(() => system?.stop());

  function start(workflowId: string, input: BackfillInput): Promise<WorkflowHandle> {
    return system.client.workflow.start("backfill", { taskQueue: system.settings.taskQueue, workflowId, args: [input] });
  }

  /** How many steps wait in a queue. */
  async function waitingAt(name: string): Promise<number> {
    const { stats } = await system.client.workflowService.describeTaskQueue({
      namespace: system.client.options.namespace,
      taskQueue: { name },
      taskQueueType: ACTIVITY_QUEUE,
      reportStats: true,
    });
    return Number(stats?.approximateBacklogCount ?? 0);
  }

  test("its requests wait behind those of a live run", async () => {
    const windows = 40;
    const hours = { from: "2019-01-01", to: new Date(Date.parse("2019-01-01") + windows * 10 * HOUR).toISOString() };
    const backfill = await start("behind", { symbols: ["HET"], interval: "1h", ...hours, windowCandles: 10, parallelism: windows });
    await until(async () => (await pendingPages(backfill)) === windows);
    const live = await system.client.workflow.start("ingestSymbol", {
      taskQueue: system.settings.taskQueue,
      workflowId: "ahead",
      args: [{ symbol: "HET", simulated: true, sources: ["simulated"], interval: "1d", asOf: "2020-12-31T12:00:00Z", parent: null }],
    });
    await until(async () => (await pendingPages(live)) === 1);
    // A step that is scheduled may not have reached its queue yet.
    await until(async () => (await waitingAt(sourceQueue(system.settings.taskQueue, "simulated"))) === windows + 1);
    await system.serve(["sources"]);
    expect(((await live.result()) as SymbolOutcome).result.status).toBe("ok");
    expect(((await backfill.result()) as BackfillResult).done).toBe(windows);
    const [first] = await pageStarts(live);
    const before = (await pageStarts(backfill)).filter((time) => time < first);
    // The worker asks for a handful of tasks at once; a queue without priorities would hand out all 40 before.
    expect(before.length).toBeLessThan(15);
  }, 120_000);

  test("a second backfill finds nothing to do: it sends no request and writes nothing", async () => {
    const input = { symbols: ["HET"], interval: "1h", from: "2020-01-01", to: "2020-03-01" } as const;
    expect(await system.backfill(input)).toMatchObject({
      windows: 2,
      done: 2,
      added: 60 * 24,
      needs: { missing: 60 * 24, stale: 0, failed: 0 },
    });
    const before = await listObjects(system.store);
    const again = await system.backfill(input);
    expect(again).toMatchObject({ windows: 0, done: 0, added: 0, summary: expect.stringMatching(/^Nothing to fetch/) });
    const steps = await activityTypes(system.client.workflow.getHandle(system.lastWorkflowId()));
    expect(steps).toEqual(["planBackfill"]);
    expect(await listObjects(system.store)).toEqual(before);
    // Half of a further stretch is stored already: only the rest is fetched.
    expect(await system.backfill({ ...input, to: "2020-05-01" })).toMatchObject({ added: 61 * 24, needs: { missing: 61 * 24 } });
  }, 120_000);

  test("pauses, resumes, and changes how many windows run at the same time", async () => {
    const run = await start("steered", {
      symbols: ["HET"],
      interval: "1h",
      from: "2021-01-01",
      to: "2021-03-01",
      windowCandles: 24,
      parallelism: 1,
    });
    const progress = () => run.query<BackfillProgress>(PROGRESS_QUERY);
    await until(async () => (await progress()).done >= 2);
    await run.signal(PAUSE_SIGNAL);
    await until(async () => (await progress()).paused && (await pendingPages(run)) === 0);
    const { done, windows } = await progress();
    expect(done).toBeLessThan(windows);
    await expect(run.executeUpdate(SET_PARALLELISM_UPDATE, { args: [65] })).rejects.toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ message: expect.stringMatching(/parallelism is 65.*from 1 to 64/) }) }),
    );
    expect(await run.executeUpdate<BackfillProgress, [number]>(SET_PARALLELISM_UPDATE, { args: [8] })).toMatchObject({
      parallelism: 8,
      done,
    });
    expect((await progress()).done).toBe(done);
    await run.signal(RESUME_SIGNAL);
    expect(await run.result()).toMatchObject({ done: windows, failedWindows: 0, cancelled: false, parallelism: 8, added: 59 * 24 });
    expect(await mostAtWork(run)).toBe(8);
  }, 120_000);

  test("a cancelled backfill tells its progress and keeps the stored candles; another one fetches the rest", async () => {
    const input: BackfillInput = {
      symbols: ["HET"],
      interval: "1h",
      from: "2022-01-01",
      to: "2022-03-01",
      windowCandles: 24,
      parallelism: 2,
    };
    const run = await start("cancelled", input);
    await until(async () => (await run.query<BackfillProgress>(PROGRESS_QUERY)).done >= 5);
    await run.cancel();
    const result = (await run.result()) as BackfillResult;
    expect(result).toMatchObject({ cancelled: true, windows: 59, summary: expect.stringMatching(/^Cancelled after \d+ of 59 windows/) });
    expect(result.done).toBeLessThan(59);
    const rest = await system.backfill(input);
    expect(rest.windows).toBeLessThanOrEqual(59 - result.done);
    expect(rest.added + result.added).toBeGreaterThanOrEqual(59 * 24 - 2 * 24);
    expect((await system.backfill(input)).windows).toBe(0);
  }, 120_000);

  test("hundreds of windows go through runs of bounded history", async () => {
    const windows = 120;
    const input: BackfillInput = {
      symbols: ["HET"],
      interval: "1h",
      from: "2023-01-01",
      to: new Date(Date.parse("2023-01-01") + windows * 4 * HOUR).toISOString(),
      windowCandles: 4,
      parallelism: 16,
    };
    expect(await system.backfill(input)).toMatchObject({ windows, done: windows, added: windows * 4, failedWindows: 0 });
    const lengths: number[] = [];
    for await (const { historyLength } of system.client.workflow.list({ query: `WorkflowId = '${system.lastWorkflowId()}'` })) {
      lengths.push(historyLength);
    }
    expect(lengths).toHaveLength(2);
    expect(Math.max(...lengths)).toBeLessThan(2_000);
  }, 120_000);

  test("all these runs are deterministic under this code, and not under code with two steps swapped", async () => {
    const replay = async (file: string, types: readonly string[]) => {
      const workflowsPath = fileURLToPath(new URL(file, import.meta.url));
      const code = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger("ERROR") });
      return replayRecent(system.client, { types, each: 5, code, onRun: () => {} });
    };
    const runs = await replay("../../workflows/index.ts", ["ingestSymbol", "backfill"]);
    expect(runs.map(({ type }) => type)).toEqual(["ingestSymbol", ...new Array(5).fill("backfill")]);
    expect(runs.filter(({ deterministic }) => !deterministic)).toEqual([]);
    const [ingest] = await replay("../workflows/swapped-steps.ts", ["ingestSymbol"]);
    expect(ingest).toMatchObject({ workflowId: "ahead", deterministic: false, reason: expect.stringMatching(/Nondeterminism/) });
  }, 120_000);
});

describe.skipIf(!marketAvailable)("backfill from a real source's answers", () => {
  let market: Market;
  let system: System;
  beforeAll(async () => {
    market = await startMarket();
    system = await startSystem({ BINANCE_URL: market.url, KRAKEN_URL: market.url }, { queues: ["workflow", "sources"] });
  });
  afterAll(async () => {
    await system?.stop();
    await market?.stop();
  });

  const input: BackfillInput = { symbols: ["BTC", "ADA"], from: "2011-01-01", to: "2019-01-01", source: "binance" };
  const survey = () =>
    surveyBackfill(
      {
        reader: system.store,
        sources: createSources({ cryptocompareApiKey: null }),
        choice: { source: "binance", hasKey: false },
        interval: "1d",
        now: Date.now,
      },
      input,
    );

  test("candles that a source doesn't have are asked for once: before a listing, and in real gaps", async () => {
    const planned = await survey();
    expect(planned.windows.map(({ symbol }) => symbol)).toEqual(["BTC", "ADA", "BTC", "ADA", "BTC", "ADA"]);
    const result = await system.backfill(input);
    expect(result).toMatchObject({ windows: 6, failedWindows: 0, needs: planned.needs });
    expect(result.added).toBeLessThan(planned.needs.missing);
    await market.control({ resetStats: true });
    expect((await survey()).windows).toEqual([]);
    expect(await system.backfill(input)).toMatchObject({ windows: 0 });
    expect((await market.stats()).requests).toBe(0);
  }, 120_000);

  test("a window that failed is listed with its reason, and the next backfill fetches only this window", async () => {
    await market.control({ resetStats: true, faults: [{ match: "ADAUSDT", kind: "http-451", times: 1 }] });
    const stale = { ...input, staleBefore: new Date().toISOString(), parallelism: 1 };
    expect(await system.backfill(stale)).toMatchObject({ windows: 6, failedWindows: 1, failed: [{ symbol: "ADA" }] });
    const { windows, needs } = await survey();
    expect(windows).toEqual([expect.objectContaining({ symbol: "ADA", reason: expect.stringMatching(/HTTP 451/), missing: 0, stale: 0 })]);
    await market.control({ resetStats: true });
    expect(await system.backfill(input)).toMatchObject({ windows: 1, failedWindows: 0, needs });
    expect((await market.stats()).requests).toBe(1);
    expect((await survey()).windows).toEqual([]);
  }, 120_000);
});

async function pendingPages(run: WorkflowHandle): Promise<number> {
  const { raw } = await run.describe();
  return (raw.pendingActivities ?? []).filter(({ activityType }) => activityType?.name === "fetchCandles").length;
}

interface Step {
  readonly type: string;
  /** ns since the epoch */
  readonly started: bigint | null;
  readonly scheduled: number;
  readonly ended: number;
}

/** A run's activities, with the numbers of the events that scheduled and ended each. */
async function steps(run: WorkflowHandle): Promise<Step[]> {
  const { events } = await run.fetchHistory();
  const byId = new Map<string, Step>();
  for (const event of events ?? []) {
    const scheduled = event.activityTaskScheduledEventAttributes;
    const started = event.activityTaskStartedEventAttributes;
    const completed = event.activityTaskCompletedEventAttributes;
    if (scheduled) {
      byId.set(String(event.eventId), {
        type: scheduled.activityType?.name ?? "",
        started: null,
        scheduled: Number(event.eventId),
        ended: Number.POSITIVE_INFINITY,
      });
    }
    const id = String((started ?? completed)?.scheduledEventId);
    const step = byId.get(id);
    if (step && started)
      byId.set(id, { ...step, started: BigInt(String(event.eventTime?.seconds)) * 1_000_000_000n + BigInt(event.eventTime?.nanos ?? 0) });
    if (step && completed) byId.set(id, { ...(byId.get(id) as Step), ended: Number(event.eventId) });
  }
  return [...byId.values()];
}

async function pageStarts(run: WorkflowHandle): Promise<bigint[]> {
  const pages = (await steps(run)).filter(({ type }) => type === "fetchCandles");
  return pages.flatMap(({ started }) => (started === null ? [] : [started])).sort((a, b) => (a < b ? -1 : 1));
}

async function activityTypes(run: WorkflowHandle): Promise<string[]> {
  return (await steps(run)).map(({ type }) => type);
}

/** The largest number of pages that were scheduled and not ended at the same time. */
async function mostAtWork(run: WorkflowHandle): Promise<number> {
  const pages = (await steps(run)).filter(({ type }) => type === "fetchCandles");
  return Math.max(...pages.map(({ scheduled }) => pages.filter((page) => page.scheduled <= scheduled && page.ended > scheduled).length));
}

async function until(check: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 600; i++) {
    if (await check().catch(() => false)) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error("what was waited for did not come about within 30 s");
}
