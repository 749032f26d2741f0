import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { liveSkill } from "../../core/scoring/live-skill.ts";
import { createFileStore } from "../../storage/object-store/file-store.ts";
import { readForecastHistory, readOpenForecasts } from "../../storage/prediction-files/forecast-history.ts";
import { forecastKey, readForecasts } from "../../storage/prediction-files/forecast-store.ts";
import { type ScoreResult, WORKFLOW_TYPES } from "../../workflows/contract.ts";
import { runCommandOver } from "./run-command.ts";
import { listObjects, type System, startSystem } from "./system.ts";

const HET = { symbol: "HET", interval: "1d" } as const;

describe("the forecasts of runs of the simulated coin", () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(() => system?.stop());
  const page = () => readForecastHistory(system.store, { ...HET, limit: 10 });
  const score = (input = {}): Promise<ScoreResult> =>
    system.client.workflow.execute(WORKFLOW_TYPES.score, {
      taskQueue: system.settings.taskQueue,
      workflowId: `score-${crypto.randomUUID()}`,
      args: [input],
    });

  test("are kept when they are published, and wait for their candle", async () => {
    const result = await system.run({ symbols: ["HET"], asOf: "2016-06-01T12:00:00Z" });
    const manifest = await system.manifest();
    expect(manifest?.forecasts?.key).toBe(forecastKey(manifest?.version ?? ""));
    const kept = manifest?.forecasts ? await readForecasts(system.store, manifest.forecasts) : [];
    expect(kept).toHaveLength(8);
    expect(kept.filter(({ served }) => served)).toHaveLength(2);
    expect(result.scoring).toMatchObject({ error: null, result: { manifests: 1, added: 8, scored: 0, waiting: 8, problems: [] } });
    const { outcomes } = await page();
    expect(outcomes.map(({ scoring, actualClose, error, brier }) => [scoring, actualClose, error, brier])).toEqual(
      Array(8).fill([null, null, null, null]),
    );
  }, 240_000);

  test("are scored by the next run that brings the candle", async () => {
    const result = await system.run({ symbols: ["HET"], asOf: "2016-06-02T12:00:00Z" });
    expect(result.scoring?.result).toMatchObject({ manifests: 1, scored: 8, rescored: 0, waiting: 8 });
    const { outcomes } = await page();
    const scored = outcomes.filter(({ scoring }) => scoring === 1);
    expect(scored).toHaveLength(8);
    for (const row of scored) {
      expect(row.targetOpenTime).toBe(Date.parse("2016-06-01"));
      expect(row.actualLogReturn).toBeCloseTo(Math.log((row.actualClose ?? 0) / (row.asOfClose ?? 0)), 12);
      expect(row.candleSource).toBe("simulated");
      expect(row.task === "regression" ? row.absoluteError : row.brier).toBeGreaterThanOrEqual(0);
    }
    // They were published years after their candle had closed.
    expect(liveSkill(outcomes)).toEqual([]);
    expect(await readOpenForecasts(system.store, HET)).toEqual([]);
  }, 240_000);

  test("are not written again by a scoring that has nothing to do", async () => {
    const before = await listObjects(system.store);
    expect(await score()).toMatchObject({ manifests: 0, added: 0, scored: 0, rescored: 0, more: false });
    expect(await score({ all: true })).toMatchObject({ files: 1, scored: 0, rescored: 0 });
    expect(await listObjects(system.store)).toEqual(before);
    await expect(score({ every: true })).rejects.toMatchObject({ cause: { message: /every is not a field of score/ } });
  }, 120_000);

  test("are scored by `candlecast score`, which ends with 1 if something can't be read, and which `status` lists", async () => {
    const command = (line: string) => runCommandOver(system.storeFolder, line, { TEMPORAL_ADDRESS: system.address });
    const good = await command("score --all");
    expect(good).toMatchObject({ code: 0, out: expect.stringMatching(/^0 forecasts scored, 8 without a candle; manifests with open/m) });
    const store = createFileStore(system.storeFolder);
    const key = "predictions/outcomes/interval=1d/coin=HET/year=2016.parquet";
    const whole = (await store.get(key))?.bytes ?? new Uint8Array();
    const put = async (bytes: Uint8Array) => {
      await store.delete(key);
      await store.put(key, bytes, { ifAbsent: true });
    };
    await put(whole.slice(0, -8));
    const bad = await command("score --all");
    expect(bad).toMatchObject({ code: 1, out: expect.stringContaining(`not read: ${key}`) });
    await put(whole);
    const [, workflowId] = /run (score-\S+)$/m.exec(bad.out) ?? [];
    const { out } = await command("status --runs 20 --json");
    const runs = (JSON.parse(out) as { runs: { workflowId: string; type: string }[] }).runs;
    expect(runs).toContainEqual(expect.objectContaining({ workflowId, type: "score" }));
    expect(runs.map((run) => run.workflowId).filter((id) => id.includes("/"))).toEqual([]);
  }, 120_000);

  test("that can't be scored don't fail the run, whose result and page say so", async () => {
    const store = createFileStore(system.storeFolder);
    await store.delete("predictions/scoring.json");
    await store.put("predictions/scoring.json", new TextEncoder().encode("{}"), { ifAbsent: true });
    const result = await system.run({ symbols: ["HET"], asOf: "2016-06-02T12:00:00Z" });
    expect(result.manifest).not.toBeNull();
    expect(result.scoring).toMatchObject({ result: null, error: /were not scored: predictions\/scoring.json is not of schema/ });
    expect(result.summary).toMatch(/Earlier forecasts were not scored/);
    const handle = system.client.workflow.getHandle(system.lastWorkflowId());
    const details = await handle.query<{ currentDetails?: string }>("__temporal_workflow_metadata");
    expect(details.currentDetails).toMatch(/### Earlier forecasts\nEarlier forecasts were not scored/);
  }, 120_000);
});
