import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Output } from "../../cli/command.ts";
import { COMMANDS } from "../../cli/commands.ts";
import { runProgramLine } from "../../cli/program.ts";
import { upsertCandles } from "../../storage/candle-files/candle-store.ts";
import { currentKey } from "../../storage/layout.ts";
import { createFileStore } from "../../storage/object-store/file-store.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { publish } from "../../storage/registry/publish.ts";
import { readLatest } from "../../storage/registry/reader.ts";
import { candle, series } from "../candles/series.ts";
import { age, ageAll, putRunObjects, runManifest } from "../storage/runs.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const DAY = 86_400_000;
let folder: ReturnType<typeof temporaryFolder>;
let store: ObjectStore;
beforeEach(async () => {
  folder = temporaryFolder();
  store = createFileStore(folder.path);
});
afterEach(() => folder.remove());

const run = (...argv: string[]) => runWith({}, ...argv);
async function runWith(
  settings: Readonly<Record<string, string>>,
  ...argv: string[]
): Promise<{ code: number; out: string; notes: string }> {
  const out: string[] = [];
  const notes: string[] = [];
  const output: Output = { out: (text) => out.push(text), note: (text) => notes.push(text), terminal: null };
  const env = { STORE_URL: `file:${folder.path}`, STATE_DIR: folder.path, ...settings };
  const code = await runProgramLine(argv, { commands: COMMANDS, version: "0", env, output, signal: new AbortController().signal });
  return { code, out: out.join("\n"), notes: notes.join("\n") };
}
const publishRun = async (name: string) => {
  const objects = await putRunObjects(store, name);
  return (await publish(store, (previous) => runManifest(name, Date.now() - 40 * DAY, previous, objects))).manifest;
};
const keys = async () => {
  const found: string[] = [];
  for await (const { key } of store.list("")) found.push(key);
  return found;
};

describe("gc", () => {
  test("lists what it would delete, and deletes it only with --delete", async () => {
    for (const name of ["a", "b", "c"]) await publishRun(name);
    await ageAll(store, folder.path, Date.now() - 30 * DAY);
    const before = await keys();
    const listed = await run("gc", "--keep", "1");
    expect(listed).toMatchObject({ code: 0, notes: "nothing was deleted; --delete deletes the listed objects" });
    expect(listed.out).toMatch(/^models +2 objects/m);
    expect(listed.out.match(/ {2}models\/[0-9a-f]{64}\.json$/gm)).toHaveLength(2);
    expect(await keys()).toEqual(before);
    const deleted = await run("gc", "--keep", "1", "--delete", "--json");
    expect(JSON.parse(deleted.out)).toMatchObject({ deleted: 11, spared: 0, retained: 1, manifests: 3 });
    expect(await keys()).toHaveLength(before.length - 11);
    age(folder.path, "manifests/latest.json", Date.now());
    expect((await run("gc", "--keep", "1")).out).toMatch(/^Nothing to delete: 1 of 3 manifests keep everything that they name\.$/);
  });

  test.each([
    ["--keep", "0"],
    ["--grace-days", "1"],
    ["--days", "soon"],
  ])("refuses %s %s", async (flag, value) => {
    expect(await run("gc", flag, value)).toMatchObject({ code: 2, notes: expect.stringMatching(/should be a number of at least/) });
  });
});

describe("rollback", () => {
  test("serves an earlier manifest again, and requires a reason", async () => {
    const good = await publishRun("good");
    const bad = await publishRun("bad");
    expect((await run("rollback", good.version)).code).toBe(2);
    expect((await readLatest(store))?.manifest.version).toBe(bad.version);
    const { code, out } = await run("rollback", good.version, "--reason", "wrong candles", "--json");
    expect(code).toBe(0);
    const manifest = (await readLatest(store))?.manifest;
    expect(JSON.parse(out)).toEqual({
      version: manifest?.version,
      previous: bad.version,
      published: true,
      rollback: { to: good.version, from: bad.version, reason: "wrong candles" },
    });
    expect((await run("rollback", good.version, "--reason", "x")).out).toMatch(/^Nothing to do/);
    expect((await run("rollback", "20200101T000000Z-00000000", "--reason", "x")).code).toBe(1);
  });
});

describe("export", () => {
  test("writes to standard output or to a file, in the format of its ending", async () => {
    await upsertCandles(store, series([candle(0), candle(1, { marketCap: 5 })]));
    const { code, out, notes } = await run("export", "--symbols", "BTC", "--to", "2020-06-02");
    expect({ code, notes }).toEqual({ code: 0, notes: "1 candles" });
    expect(out.split("\n")[1]).toBe("BTC,1d,2020-06-01T00:00:00.000Z,10,12,9,11,5,55,,binance,2023-02-26T00:00:00.000Z");
    for (const [form, magic] of [
      ["parquet", "PAR1"],
      ["arrow", "ARROW1"],
      ["csv", "symbol"],
    ]) {
      const file = join(folder.path, `btc.${form}`);
      expect((await run("export", "--symbols", "btc", "--out", file)).out).toBe(`2 candles in ${file}`);
      expect(readFileSync(file, "latin1").startsWith(magic)).toBe(true);
    }
  });

  test("writes every stored coin if SYMBOLS has top:N, and refuses top:N as an option", async () => {
    for (const symbol of ["LTC", "BTC"]) await upsertCandles(store, series([candle(0)], { symbol }));
    const { code, out } = await runWith({ SYMBOLS: "top:5,HET" }, "export");
    expect(code).toBe(0);
    expect(out.split("\n").map((line) => line.split(",")[0])).toEqual(["symbol", "BTC", "LTC"]);
    expect((await run("export", "--symbols", "top:5")).code).toBe(2);
  });

  test.each([
    [["--format", "xlsx"], /--format is "xlsx"/],
    [["--out", "x.txt"], /should be one of csv, parquet, arrow/],
    [["--from", "01.02.2020"], /--from is "01.02.2020", but should be an ISO 8601/],
    [["--interval", "5m"], /is not one of 1d, 1h, 1m/],
    [["--symbols", "../x"], /is not a symbol/],
    [["--format", "arrow"], /can't be shown on a terminal: use --out/],
  ])("refuses %j", async (options, says) => {
    expect(await run("export", ...options)).toMatchObject({ code: 2, notes: expect.stringMatching(says) });
  });
});

test("import refuses what the workflow would refuse, before it starts anything", async () => {
  expect((await run("import")).code).toBe(2);
  expect(await run("import", "a.csv", "b.csv", "--date-order", "ymd")).toMatchObject({
    code: 2,
    notes: 'dateOrder is "ymd", but should be dmy or mdy',
  });
});

describe("migrate", () => {
  const former = "data/candles/interval=1d/symbol=BTC/year=2020.parquet";
  beforeEach(async () => {
    await upsertCandles(store, series([candle(0)]));
    const stored = await store.get(currentKey(former));
    await store.put(former, stored?.bytes ?? new Uint8Array(), { ifAbsent: true });
    await store.delete(currentKey(former));
  });

  test("lists what it would move, moves it, and has nothing left to do", async () => {
    const listed = await run("migrate", "--dry-run");
    expect(listed).toMatchObject({ code: 0, out: expect.stringMatching(/^data\/candles.*symbol=BTC.*\n1 files to move in file:/) });
    expect(await keys()).toEqual([former]);
    expect((await run("migrate")).out).toMatch(/^moved {4}data\/candles\/interval=1d\/coin=BTC\/year=2020.parquet\n1 moved, 0 joined/);
    expect(await keys()).toEqual([currentKey(former)]);
    expect(JSON.parse((await run("migrate", "--json")).out)).toEqual({ moved: 0, joined: 0, refused: 0, files: [] });
  });

  test("ends with 1 where a file has to stay, and says why", async () => {
    await upsertCandles(store, series([candle(0, { open: 900, high: 1_100, low: 800, close: 1_000, source: "kraken" })]));
    const { code, out } = await run("migrate");
    expect(code).toBe(1);
    expect(out).toMatch(/^refused {2}.*symbol=BTC.*: BTC 1d: these candles are not of the stored coin.*\n0 moved, 0 joined.*, 1 refused$/);
  });
});
