import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseReport } from "../../core/reports/parse-report.ts";
import { getVerified } from "../../storage/object-store/immutable.ts";
import type { PipelineResult } from "../../workflows/contract.ts";
import { listKinds, listObjects, type System, startSystem } from "./system.ts";

const AS_OF = "2020-12-31T12:00:00Z";

describe("pipeline on a real Temporal server, with the simulated coin only", () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(() => system?.stop());

  test("publishes HET with six models, whatever else can't be reached", async () => {
    const result = await system.run({ symbols: ["HET", "BTC"], asOf: AS_OF });
    const [het, btc] = result.symbols;
    expect(het).toMatchObject({
      symbol: "HET",
      status: "ok",
      source: "simulated",
      simulated: true,
      lastOpenTime: "2020-12-30T00:00:00.000Z",
    });
    expect(btc).toMatchObject({ symbol: "BTC", status: "failed" });
    expect(btc.error).toMatch(/^BTC: no candles could be fetched: .*binance.*kraken/is);
    const manifest = await system.manifest();
    expect(Object.keys(manifest?.symbols ?? {})).toEqual(["HET"]);
    expect(manifest?.symbols.HET.models.map(({ name }) => name).sort()).toEqual([
      "ensemble",
      "gradient_boosting",
      "linear_regression",
      "logistic_regression",
      "random_forest",
      "random_forest_classifier",
    ]);
    expect(manifest?.workflow.id).toBe(system.lastWorkflowId());
    const report = manifest?.symbols.HET.report;
    if (!report) throw new Error("no report was written");
    expect(parseReport(await getVerified(system.store, report))).toMatchObject({
      symbol: "HET",
      simulated: true,
      explanation: { rows: 375, heldOut: 125 },
      importance: { repeats: 5 },
    });
  }, 240_000);

  test("the same run again writes no object and trains nothing", async () => {
    const before = await listObjects(system.store);
    const result: PipelineResult = await system.run({ symbols: ["HET"], asOf: AS_OF });
    expect(result.manifest?.published).toBe(false);
    expect(await listObjects(system.store)).toEqual(before);
  }, 120_000);

  test("a backfill counts every window, and a second one has none to do", async () => {
    const windows = Math.ceil((Date.parse("2019-06-01") - Date.parse("2019-01-01")) / 3_600_000 / 1_000);
    const input = { symbols: ["HET"], interval: "1h", from: "2019-01-01", to: "2019-06-01" } as const;
    const result = await system.backfill(input);
    expect(result).toMatchObject({ windows, done: windows, added: 151 * 24, failed: [], bySymbol: { HET: { windows, done: windows } } });
    expect(await system.backfill(input)).toMatchObject({ windows: 0, done: 0, added: 0, revised: 0 });
  }, 120_000);

  test("everything that runs and backfills store has its place in the layout", async () => {
    expect(await listKinds(system.store)).toEqual({
      kinds: [
        "assessments",
        "backfillLedgers",
        "backfillPlans",
        "candles",
        "evaluations",
        "features",
        "forecasts",
        "manifests",
        "models",
        "outcomes",
        "pointer",
        "reports",
        "scoringState",
        "snapshots",
      ],
      unknown: [],
    });
  });

  test("a bad input fails at once, naming the field and the value", async () => {
    await expect(system.run({ symbols: ["HET"], horizon: 0 })).rejects.toThrow(/horizon is 0, but should be a whole number from 1/);
    await expect(system.run({ symbols: ["HET"], asOf: "2999-01-01" })).rejects.toThrow(/2999-01-01.*lies in the future/);
  }, 60_000);
});
