import { historyToJSON } from "@temporalio/common/lib/proto-utils.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type PipelineProgress, type PipelineResult, PROGRESS_QUERY } from "../../workflows/contract.ts";
import type { SymbolOutcome } from "../../workflows/symbol-outcome.ts";
import { type FakeSteps, serveFakeSteps } from "./fake-steps.ts";
import { scanHistory } from "./scan-histories.ts";
import { type System, startSystem } from "./system.ts";

const COINS = 1_200;
const symbols = Array.from({ length: COINS }, (_, i) => `C${i + 1}`);
const FAILING = ["C7", "C900"];

describe("a run of very many coins", () => {
  let system: System;
  let steps: FakeSteps;
  let result: PipelineResult;
  beforeAll(async () => {
    system = await startSystem({}, { queues: [] });
    steps = await serveFakeSteps(system, { failing: FAILING });
    result = await system.run({ symbols, asOf: "2020-12-31T12:00:00Z" });
  }, 120_000);
  afterAll(async () => {
    await steps?.stop();
    await system?.stop();
  });

  test("names the coins that failed in its result, and all of them by reference", () => {
    expect(result.symbols.map(({ symbol, error }) => [symbol, error])).toEqual(
      FAILING.map((symbol) => [symbol, `${symbol}: no candles could be fetched: nobody knows ${symbol}`]),
    );
    expect(result.allSymbols?.outcomes.length).toBe(COINS);
    const all = steps.read<SymbolOutcome>(result.allSymbols?.outcomes ?? []);
    expect(all.map(({ result: { symbol } }) => symbol)).toEqual(symbols);
    expect(all[0].result).toMatchObject({ status: "ok", rows: 500, counts: { added: 500 } });
    expect(result.summary).toBe("Published. 2 of 1200 symbols failed: C7, C900.");
  });

  test("publishes every coin with what is known of it", () => {
    const published = steps.published();
    expect(published.map(({ symbol }) => symbol)).toEqual(symbols);
    expect(published.filter(({ snapshot }) => snapshot === null).map(({ symbol }) => symbol)).toEqual(FAILING);
  });

  test("has few events for each coin, and of what grows with the coins only their names travel", async () => {
    const history = await system.client.workflow.getHandle(system.lastWorkflowId()).fetchHistory();
    expect(history.events?.length).toBeLessThan(COINS);
    const { largestPayload } = scanHistory(historyToJSON(history), []);
    expect(largestPayload).toBeLessThan(COINS * 50);
  });

  test("tells how far it is by counts, and names the coins that failed first", async () => {
    const progress = await system.client.workflow.getHandle(system.lastWorkflowId()).query<PipelineProgress>(PROGRESS_QUERY);
    expect(progress.counts).toEqual({ waiting: 0, ingest: 0, features: 0, ready: COINS - 2, failed: 2 });
    expect(Object.keys(progress.symbols)).toHaveLength(500);
    expect(Object.keys(progress.symbols).slice(0, 3)).toEqual([...FAILING, "C1"]);
  });
});
