import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Manifest } from "../../core/manifests/manifest.ts";
import { runCommandOver } from "./run-command.ts";
import { type System, startSystem } from "./system.ts";

const FIRST = "2016-05-20T12:00:00Z";
const LATER = "2016-05-30T12:00:00Z";

let system: System;
let first: Manifest;
let folder: string;

const run = (line: string, store = system.storeFolder) => runCommandOver(store, line);

/** A copy of the store in which the middle byte of one object is changed. */
async function damaged(key: string): Promise<string> {
  const copy = await mkdtemp(join(folder, "damaged-"));
  await cp(system.storeFolder, copy, { recursive: true });
  const bytes = await readFile(join(copy, key));
  bytes[bytes.length >> 1] ^= 1;
  await writeFile(join(copy, key), bytes);
  return copy;
}

async function publishedAt(asOf: string): Promise<Manifest> {
  await system.run({ symbols: ["HET"], asOf });
  const manifest = await system.manifest();
  if (!manifest) throw new Error("nothing was published");
  return manifest;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "candlecast-verify-"));
  system = await startSystem();
  first = await publishedAt(FIRST);
}, 240_000);
afterAll(async () => {
  await system?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe("a manifest that a run has just published", () => {
  test("is verified: pointer, manifest, and every object that it names are ok", async () => {
    const { code, out } = await run("verify --json");
    expect(code).toBe(0);
    const { manifest, equal, objects } = JSON.parse(out);
    expect({ manifest, equal }).toEqual({ manifest: first.version, equal: true });
    const { candles, features, evaluation, models } = first.symbols.HET;
    const named = [...candles.objects, features, evaluation, ...models.flatMap(({ file }) => file ?? [])].map(({ key }) => key);
    const keys = objects.map(({ key }: { key: string }) => key);
    expect(keys).toEqual(expect.arrayContaining([...named, "manifests/latest.json", `manifests/${first.version}.json`]));
    expect(new Set(objects.map(({ status }: { status: string }) => status))).toEqual(new Set(["ok"]));
  });

  test("is reproduced: every candle file, feature file and model has an equal digest", async () => {
    const { code, out } = await run("reproduce --json");
    expect(code).toBe(0);
    const { equal, objects } = JSON.parse(out) as { equal: boolean; objects: { kind: string; equal: boolean }[] };
    expect(equal).toBe(true);
    expect(objects.map(({ kind }) => kind)).toEqual(["candles", "candles", "features", ...new Array(5).fill("model")]);
    expect(first.runtime).toEqual({ node: process.versions.node, platform: `${process.platform}-${process.arch}` });
  }, 60_000);
});

describe("verify and reproduce report", () => {
  test("a changed byte in a candle file, and every object that can't be made from it", async () => {
    const { key } = first.symbols.HET.candles.objects[0];
    const store = await damaged(key);
    const verified = await run("verify", store);
    expect(verified.code).toBe(1);
    expect(verified.out).toMatch(new RegExp(`^changed +${key}`, "m"));
    expect(verified.out).toContain("; 1 changed");
    const made = await run("reproduce", store);
    expect(made.code).toBe(1);
    expect(made.out).toMatch(/^DIFFERS {2}candles {3}HET {2}year=2015.parquet$/m);
    expect(made.out).toContain(`${key} is changed`);
    expect(made.out).toMatch(/^DIFFERS {2}features/m);
  }, 60_000);

  test("a changed byte in a model, and nothing else", async () => {
    const forest = first.symbols.HET.models.find(({ name }) => name === "random_forest")?.file?.key as string;
    const store = await damaged(forest);
    const verified = await run("verify", store);
    expect(verified.code).toBe(1);
    expect(verified.out.match(/^changed .*$/gm)).toEqual([expect.stringContaining(forest)]);
    const made = await run("reproduce", store);
    expect(made.code).toBe(1);
    expect(made.out.match(/^DIFFERS.*$/gm)).toEqual([expect.stringContaining("random_forest ")]);
    expect(made.out).toContain(`${forest} is changed`);
  }, 60_000);

  test.each([
    ["features", () => first.symbols.HET.features.key],
    ["the evaluation", () => first.symbols.HET.evaluation.key],
    ["the manifest", () => `manifests/${first.version}.json`],
    ["the pointer", () => "manifests/latest.json"],
  ])("a changed byte in %s", async (_, key) => {
    const { code, out } = await run("verify", await damaged(key()));
    expect(code).toBe(1);
    expect(out).toMatch(new RegExp(`^changed +${key()}`, "m"));
  });

  test("a deleted object as missing", async () => {
    const store = await damaged(first.symbols.HET.features.key);
    await rm(join(store, first.symbols.HET.features.key));
    const { code, out } = await run("verify", store);
    expect(code).toBe(1);
    expect(out).toMatch(new RegExp(`^missing +${first.symbols.HET.features.key}`, "m"));
  });
});

describe("after a later run", () => {
  let later: Manifest;
  beforeAll(async () => {
    later = await publishedAt(LATER);
  }, 120_000);

  test("the candle file of the earlier manifest has grown, which is not damage, and everything is still reproduced", async () => {
    expect(later.previous).toBe(first.version);
    const { code, out } = await run(`verify ${first.version}`);
    expect(out).toMatch(/^extended +\S+year=2016\.parquet/m);
    expect(code).toBe(0);
    expect((await run(`reproduce ${first.version}`)).code).toBe(0);
    expect((await run("verify")).out).not.toContain("extended");
  }, 60_000);

  test("an earlier manifest that was changed breaks the chain that leads to it", async () => {
    const { code, out } = await run("verify", await damaged(`manifests/${first.version}.json`));
    expect(code).toBe(1);
    expect(out).toMatch(new RegExp(`^changed +manifests/${first.version}.json +${later.version} previous`, "m"));
  });

  test("an entry that a later run kept is reproduced as the manifest that it comes from made it", async () => {
    await system.run({ symbols: ["BTC"], asOf: LATER, horizon: 2 });
    expect((await system.manifest())?.symbols.HET).toMatchObject({ status: "stale", since: later.version });
    const { code, out } = await run("reproduce");
    expect(out).toMatch(/^(\d+) of \1 objects of manifest/m);
    expect(out.match(/^equal +model/gm)).toHaveLength(5);
    expect(code).toBe(0);
    const store = await damaged(later.symbols.HET.features.key);
    await rm(join(store, `manifests/${later.version}.json`));
    expect(await run("reproduce", store)).toMatchObject({
      code: 1,
      out: expect.stringContaining(`its entry comes from manifest ${later.version}, which no longer exists`),
    });
  }, 120_000);
});

test("a version that was never published is refused", async () => {
  for (const command of ["verify", "reproduce"])
    expect(await run(`${command} 20000101T000000Z-00000000`)).toMatchObject({
      code: 1,
      out: expect.stringMatching(/has no manifest 2000/),
    });
});
