import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createFitPool } from "../../activities/train/fit-pool.ts";
import { listRuns } from "../../cli/runs/list-runs.ts";
import type { Manifest } from "../../core/manifests/manifest.ts";
import { createRandom } from "../../core/random.ts";
import { reproduce } from "../../operations/reproduce.ts";
import { createFileStore } from "../../storage/object-store/file-store.ts";
import { rollBack } from "../../storage/registry/rollback.ts";
import { type ImportResult, type RetentionResult, WORKFLOW_TYPES } from "../../workflows/contract.ts";
import { listKinds, listObjects, type System, startSystem } from "../pipeline/system.ts";

const DAY = 86_400_000;
const START = Date.parse("2019-01-01");
const AS_OF = new Date(START + 450 * DAY).toISOString();

/** A random walk of a coin that no service knows, as a file. `factor` makes the same candles a little different. */
function csv(days: number, factor = 1): string {
  const random = createRandom(7);
  let price = 100;
  const rows = Array.from({ length: days }, (_, day) => {
    const open = price;
    price *= 1 + (random.next() - 0.5) / 20;
    const [high, low] = [Math.max(open, price) * 1.01, Math.min(open, price) * 0.99];
    return `QQQ,${new Date(START + day * DAY).toISOString()},${[open, high, low, price].map((value) => value * factor).join(",")},${1e6 * random.next()}`;
  });
  return ["symbol,time,open,high,low,close,volume", ...rows].join("\n");
}

describe("imported candles, on a real Temporal server", () => {
  let system: System;
  let folder: string;
  let first: Manifest;
  beforeAll(async () => {
    system = await startSystem();
    folder = join(system.storeFolder, "..", "files");
    await mkdir(folder);
  });
  afterAll(() => system?.stop());

  let runs = 0;
  const execute = <T>(type: string, input: object): Promise<T> =>
    system.client.workflow.execute(type, { taskQueue: "candlecast", workflowId: `${type} ${++runs}`, args: [input] });
  const take = async (...contents: string[]): Promise<ImportResult> => {
    const files = contents.map((_, i) => join(folder, `${runs}-${i}.csv`));
    await Promise.all(files.map((file, i) => writeFile(file, contents[i])));
    return execute(WORKFLOW_TYPES.importCandles, { files });
  };
  const latest = async () => (await system.manifest()) as Manifest;

  test("are taken in file by file; a damaged one is refused with its line, and the others go on", async () => {
    const damaged = csv(3).replace(/,[\d.]+$/m, ",1.234.567");
    const result = await take(csv(500), damaged);
    expect(result).toMatchObject({ failed: 1, counts: { received: 500, added: 500 } });
    expect(result.files[0].error).toMatch(/-1\.csv, line 2: volume "1.234.567" is no plain number/);
    expect(result.summary).toBe("1 of 2 files: 500 rows read, 500 candles added, 0 revised.");
    await expect
      .poll(() => listRuns(system.client, 5))
      .toMatchObject([{ type: "importCandles", outcome: result.summary, failures: [result.files[0].error] }]);
    const before = await listObjects(system.store);
    expect((await take(csv(500))).counts).toMatchObject({ added: 0, revised: 0 });
    expect(await listObjects(system.store)).toEqual(before);
    await expect(execute(WORKFLOW_TYPES.importCandles, { files: [] })).rejects.toThrow();
  }, 60_000);

  test("are learned from without asking any service", async () => {
    const result = await system.run({ symbols: ["QQQ", "ZZZ"], asOf: AS_OF, source: "file" });
    expect(result.symbols.map(({ status }) => status)).toEqual(["ok", "failed"]);
    expect(result.symbols[0]).toMatchObject({ rows: 450, source: "file" });
    expect(result.symbols[1].error).toMatch(/no 1d candles of ZZZ are stored/);
    first = await latest();
    expect(first.symbols.QQQ.models).toHaveLength(6);
  }, 120_000);

  test("that are revised later leave a run of the past, and what it published, as they were", async () => {
    expect((await take(csv(500, 1.001))).counts).toMatchObject({ added: 0, revised: 500 });
    const again = await system.run({ symbols: ["QQQ"], asOf: AS_OF, source: "file" });
    expect(again.manifest).toMatchObject({ version: first.version, published: false });
    const fitPool = createFitPool({ threads: 2 });
    const { objects, equal } = await reproduce({ reader: system.store, fitFinal: fitPool.fitFinal }, first);
    await fitPool.close();
    expect(objects.map(({ kind }) => kind)).toEqual(["candles", "candles", "features", ...new Array(5).fill("model")]);
    expect(objects.filter((object) => !object.equal)).toEqual([]);
    expect(equal).toBe(true);
  }, 120_000);

  test("a run goes on from what a rollback serves", async () => {
    const later = new Date(START + 460 * DAY).toISOString();
    await system.run({ symbols: ["QQQ"], asOf: later, source: "file" });
    const bad = await latest();
    const { manifest } = await rollBack(createFileStore(system.storeFolder), first.version, { reason: "a test", now: Date.now() });
    expect(await latest()).toEqual(manifest);
    expect(manifest.symbols).toEqual(first.symbols);
    await system.run({ symbols: ["QQQ"], asOf: later, source: "file" });
    const next = await latest();
    expect([next.previous, manifest.previous, bad.previous]).toEqual([manifest.version, bad.version, first.version]);
    expect(next.symbols.QQQ.features).toEqual(bad.symbols.QQQ.features);
    await take(csv(500, 1.002));
    const fitPool = createFitPool({ threads: 2 });
    expect((await reproduce({ reader: system.store, fitFinal: fitPool.fitFinal }, next)).equal).toBe(true);
    expect((await reproduce({ reader: system.store, fitFinal: fitPool.fitFinal }, manifest)).equal).toBe(true);
    await fitPool.close();
  }, 120_000);

  test("all that imports, runs and rollbacks store has its place in the layout", async () => {
    const { kinds, unknown } = await listKinds(system.store);
    expect(unknown).toEqual([]);
    expect(kinds).toEqual(expect.arrayContaining(["candles", "manifests", "revisions"]));
  });

  test("the retention workflow counts by default, and finds all of this too young", async () => {
    const before = await listObjects(system.store);
    const counted = await execute<RetentionResult>(WORKFLOW_TYPES.retention, { keep: 1, days: 0 });
    expect(counted).toMatchObject({ manifests: 4, byKind: {}, deleted: 0 });
    expect(counted.young).toBeGreaterThan(5);
    expect((await execute<RetentionResult>(WORKFLOW_TYPES.retention, { keep: 1, days: 0, delete: true })).deleted).toBe(0);
    expect(await listObjects(system.store)).toEqual(before);
    await expect(execute(WORKFLOW_TYPES.retention, { graceDays: 0 })).rejects.toThrow();
  }, 60_000);
});
