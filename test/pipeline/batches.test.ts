import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { loadSeries } from "../../storage/candle-files/candle-store.ts";
import { WORKFLOW_TYPES } from "../../workflows/contract.ts";
import type { SymbolOutcome } from "../../workflows/symbol-outcome.ts";
import { rowsOf } from "../candles/rows.ts";
import { type Market, marketAvailable, startMarket } from "../market-server.ts";
import { type System, startSystem } from "./system.ts";

const AS_OF = "2020-12-31T12:00:00Z";
const SYMBOLS = ["ADA", "BTC", "ETH"];

describe.skipIf(!marketAvailable)("a batch of coins", () => {
  let market: Market;
  let system: System;
  let runs = 0;
  beforeAll(async () => {
    market = await startMarket();
    system = await startSystem({ BINANCE_URL: market.url, KRAKEN_URL: market.url }, { queues: ["workflow", "sources"] });
  });
  beforeEach(async () => {
    await market.control({ faults: [] });
    await rm(join(system.storeFolder, "data"), { recursive: true, force: true });
  });
  afterAll(async () => {
    await system?.stop();
    await market?.stop();
  });

  async function ingest(
    symbols: readonly string[],
    { sources = ["binance"], interval = "1d", asOf = AS_OF }: { sources?: readonly string[]; interval?: string; asOf?: string } = {},
  ): Promise<{ outcomes: SymbolOutcome[]; steps: string[]; children: string[]; workflowId: string }> {
    const workflowId = `batch-${++runs}`;
    const coins = symbols.map((symbol) => ({ symbol, sources }));
    const { outcomes }: { outcomes: SymbolOutcome[] } = await system.client.workflow.execute(WORKFLOW_TYPES.ingestBatch, {
      taskQueue: system.settings.taskQueue,
      workflowId,
      args: [{ coins, interval, asOf, atOnce: 8, parent: null }],
    });
    const { events } = await system.client.workflow.getHandle(workflowId).fetchHistory();
    const steps = (events ?? []).flatMap((event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? []);
    const children = (events ?? []).flatMap((event) => event.startChildWorkflowExecutionInitiatedEventAttributes?.workflowId ?? []);
    return { outcomes, steps, children, workflowId };
  }

  async function candles(symbol: string, interval: "1d" | "1h" = "1d"): Promise<unknown[]> {
    const { series } = await loadSeries(system.store, symbol, interval, { asOf: Date.parse(AS_OF) });
    return rowsOf(series).map(({ fetchedAt: _, ...candle }) => candle);
  }

  const found = async (query: string): Promise<string[]> => {
    const ids: string[] = [];
    for await (const { workflowId } of system.client.workflow.list({ query })) ids.push(workflowId);
    return ids;
  };

  test("is planned, fetched and computed in a step each, and gives what each coin alone gives", async () => {
    const { outcomes, steps, children } = await ingest(SYMBOLS);
    expect(steps).toEqual(["planBatch", "fetchBatch", "buildBatch"]);
    expect(children).toEqual([]);
    const together = await Promise.all(SYMBOLS.map((symbol) => candles(symbol)));
    await rm(join(system.storeFolder, "data"), { recursive: true, force: true });
    for (const [i, symbol] of SYMBOLS.entries()) {
      const alone = await system.ingest({ symbol, sources: ["binance"], interval: "1d", asOf: AS_OF, parent: null });
      const { counts: _, seconds: __, ...result } = alone.result;
      expect(outcomes[i].result).toMatchObject({ ...result, status: "ok" });
      expect(outcomes[i].result.counts.added).toBe(alone.result.counts.added);
      expect(await candles(symbol)).toEqual(together[i]);
    }
  }, 120_000);

  test.each(["http-429", "http-500", "truncate", "reset", "empty", "stale", "gap", "nan"])(
    "%s, nine times in a row: the candles are the same as undisturbed",
    async (kind) => {
      await ingest(SYMBOLS);
      const expected = await Promise.all(SYMBOLS.map((symbol) => candles(symbol)));
      await rm(join(system.storeFolder, "data"), { recursive: true, force: true });
      await market.control({ faults: [{ match: "klines", kind, times: 9, retryAfter: 1 }] });
      const { outcomes } = await ingest(SYMBOLS);
      expect(outcomes.map(({ result }) => [result.status, result.error])).toEqual(SYMBOLS.map(() => ["ok", null]));
      expect(await Promise.all(SYMBOLS.map((symbol) => candles(symbol)))).toEqual(expected);
    },
    120_000,
  );

  test("asks the next source for the coins that the first one does not have, and tells why", async () => {
    await market.control({ faults: [{ match: "symbol=ADA", kind: "http-451", times: 100 }] });
    const { outcomes, steps, workflowId } = await ingest(["ADA", "BTC"], { sources: ["binance", "kraken"] });
    expect(outcomes.map(({ result }) => result.source)).toEqual(["kraken", "binance"]);
    expect(steps).toEqual(["planBatch", "fetchBatch", "planBatch", "fetchBatch", "buildBatch"]);
    const page = await system.client.workflowService.queryWorkflow({
      namespace: system.client.options.namespace,
      execution: { workflowId },
      query: { queryType: "__temporal_workflow_metadata" },
    });
    expect(JSON.stringify(Buffer.from(page.queryResult?.payloads?.[0].data ?? []).toString())).toMatch(
      /ADA: .*not served to this location/,
    );
  }, 120_000);

  test("goes on without a coin that fails, which is found by its name and its failure", async () => {
    const { outcomes, workflowId } = await ingest(["ADA", "NOPE", "BTC"]);
    expect(outcomes.map(({ result }) => result.status)).toEqual(["ok", "failed", "ok"]);
    expect(outcomes[1].result.error).toMatch(/^NOPE: no candles could be fetched: /);
    const query = `CandlecastDecision = 'NOPE:failed'`;
    await expect.poll(() => found(query), { timeout: 10_000 }).toEqual([workflowId]);
    expect(await found(`CandlecastSymbol = 'ADA' AND WorkflowType = 'ingestBatch'`)).toContain(workflowId);
  }, 120_000);

  test("leaves a coin with much to fetch to a child of its own, and no candle is fetched twice", async () => {
    const { outcomes, children, workflowId } = await ingest(["BTC"], { interval: "1h" });
    expect(children).toEqual([`${workflowId}/BTC`]);
    expect(outcomes[0].result.status).toBe("ok");
    const stored = await candles("BTC", "1h");
    expect(outcomes[0].result.counts.added).toBe(stored.length);
    expect(outcomes[0].result.counts.received).toBeLessThan(1.01 * stored.length);
  }, 120_000);
});
