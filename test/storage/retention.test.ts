import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createApp } from "../../api/app.ts";
import { createLiveRegistry } from "../../api/served/live-registry.ts";
import { encodeManifest } from "../../core/manifests/encode-manifest.ts";
import type { Manifest } from "../../core/manifests/manifest.ts";
import { CorruptObjectError, InvalidInputError } from "../../core/vocabulary/errors.ts";
import { updateLedger } from "../../storage/backfill-files/ledger-file.ts";
import { readPlan, writePlan } from "../../storage/backfill-files/plan-file.ts";
import { keyOf, kindOf, prefixOf } from "../../storage/layout.ts";
import { createFileStore } from "../../storage/object-store/file-store.ts";
import { putImmutable, sha256Hex } from "../../storage/object-store/immutable.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { createS3Store } from "../../storage/object-store/s3-store.ts";
import { forecastKey, keepForecasts } from "../../storage/prediction-files/forecast-store.ts";
import { collectGarbage, planGarbage } from "../../storage/registry/collect-garbage.ts";
import { assertStored, namedObjects } from "../../storage/registry/named-objects.ts";
import { publish } from "../../storage/registry/publish.ts";
import { manifestKey, POINTER_KEY, readLatest, readManifest } from "../../storage/registry/reader.ts";
import { DEFAULT_RETENTION } from "../../storage/registry/retention.ts";
import { rollBack } from "../../storage/registry/rollback.ts";
import { createPublishedStore } from "../api/published-store.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { type S3Server, startVersitygw } from "../versitygw.ts";
import { age, ageAll, assertWhole, putRunObjects, type RunObjects, runManifest } from "./runs.ts";

const DAY = 86_400_000;
const NOW = Date.now();
const RULES = { keep: 2, days: 0, graceDays: 2 };
let folder: ReturnType<typeof temporaryFolder>;
let store: ObjectStore;
beforeEach(async () => {
  folder = temporaryFolder();
  store = createFileStore(folder.path);
});
afterEach(() => folder.remove());

const run = async (name: string, { daysAgo = 10, content = name as string | null } = {}): Promise<Manifest> => {
  const objects = content === null ? null : await putRunObjects(store, content);
  return (await publish(store, (previous) => runManifest(name, NOW - daysAgo * DAY, previous, objects))).manifest;
};
const keys = async () => {
  const found: string[] = [];
  for await (const { key } of store.list("")) found.push(key);
  return found;
};
const collect = () => collectGarbage(store, RULES, NOW);

describe("garbage collection", () => {
  test("deletes what no retained manifest names, and nothing else", async () => {
    await store.put("data/candles/interval=1d/coin=BTC/year=2020.parquet", new Uint8Array(1), { ifAbsent: true });
    await store.put("data/revisions/interval=1d/coin=BTC/year=2020.parquet", new Uint8Array(1), { ifAbsent: true });
    await store.put("models/notes.txt", new Uint8Array(1), { ifAbsent: true });
    await store.put("something/else", new Uint8Array(1), { ifAbsent: true });
    await store.put(keyOf("probes", { uuid: crypto.randomUUID() }), new Uint8Array(1), { ifAbsent: true });
    await updateLedger(store, "BTC", "1d", (ledger) => ({ ...ledger, asked: [{ from: 0, to: 1, at: 2 }] }));
    const plan = await writePlan(store, [{ symbol: "BTC" }]);
    const runs = [];
    for (const name of ["a", "b", "c", "d"]) runs.push(await run(name));
    await ageAll(store, folder.path, NOW - 9 * DAY);
    const before = await keys();
    const gone = [...namedObjects(runs[0]), ...namedObjects(runs[1])].map(({ key }) => key);
    const snapshots = before.filter((key) => kindOf(key) === "snapshots");
    const planned = await planGarbage(store, RULES, NOW);
    expect(await keys()).toEqual(before);
    const collected = await collect();
    expect(collected).toEqual({ ...planned, deleted: planned.deletable.length });
    expect(collected).toMatchObject({
      manifests: 4,
      retained: 2,
      spared: 0,
      byKind: {
        models: { objects: 2 },
        evaluations: { objects: 2 },
        features: { objects: 2 },
        snapshots: { objects: 4 },
        backfillPlans: { objects: 1 },
        reports: { objects: 2 },
        probes: { objects: 1 },
      },
    });
    const deleted = before.filter((key) => !collected.deletable.some((object) => object.key === key));
    expect(await keys()).toEqual(deleted);
    expect(collected.deletable.map(({ key }) => key).sort()).toEqual(
      [...gone, ...snapshots, plan.key, ...before.filter((key) => kindOf(key) === "probes")].sort(),
    );
    expect((await collect()).deletable).toEqual([]);
  });

  test("keeps the plan of a backfill that still reads it, however long the backfill takes", async () => {
    await run("a");
    const [used, left] = [await writePlan(store, [1]), await writePlan(store, [2])];
    await ageAll(store, folder.path, NOW - 9 * DAY);
    expect(await readPlan(store, used)).toEqual([1]);
    const { deletable } = await collect();
    expect(deletable.map(({ key }) => key).filter((key) => kindOf(key) === "backfillPlans")).toEqual([left.key]);
    expect(await readPlan(store, used)).toEqual([1]);
    await expect(readPlan(store, left)).rejects.toThrow(CorruptObjectError);
  });

  test("keeps every manifest that was ever served, and deletes what lost a race long ago", async () => {
    for (const name of ["a", "b", "c", "d"]) await run(name);
    const lost = runManifest("lost", NOW - 10 * DAY, null, null);
    await store.put(manifestKey(lost.version), encodeManifest(lost), { ifAbsent: true });
    await ageAll(store, folder.path, NOW - 9 * DAY);
    const before = await keys();
    const { deletable } = await collect();
    expect(deletable.filter(({ key }) => key.startsWith(prefixOf("manifests"))).map(({ key }) => key)).toEqual([manifestKey(lost.version)]);
    expect(before.filter((key) => key.startsWith(prefixOf("manifests")))).toHaveLength(6);
    expect((await keys()).filter((key) => key.startsWith(prefixOf("manifests")))).toHaveLength(5);
  });

  test("keeps the forecasts of every manifest that was ever served, and deletes those of one that lost a race long ago", async () => {
    const complete = async (manifest: Manifest): Promise<Manifest> => ({
      ...manifest,
      forecasts: await keepForecasts(store, manifest.version, async () => []),
    });
    const kept: string[] = [];
    for (const name of ["a", "b", "c", "d"]) {
      const createdAt = NOW - 40 * DAY + kept.length * 1_000;
      const { manifest } = await publish(store, (previous) => runManifest(name, createdAt, previous, null), { complete });
      kept.push(forecastKey(manifest.version));
    }
    const lost = await complete(runManifest("lost", NOW - 10 * DAY, null, null));
    await ageAll(store, folder.path, NOW - 9 * DAY);
    const { deletable } = await collect();
    expect(deletable.map(({ key }) => key).filter((key) => key.startsWith("predictions/"))).toEqual([lost.forecasts?.key]);
    const left = (await keys()).filter((key) => key.startsWith("predictions/forecasts/"));
    expect(left).toEqual(kept);
    await store.delete(manifestKey((await readLatest(store))?.manifest.previous ?? ""));
    await collect();
    expect((await keys()).filter((key) => key.startsWith("predictions/forecasts/"))).toEqual(kept);
  });

  test("keeps what young manifests name, however many there are, and what made an entry that is still served", async () => {
    const first = await run("a");
    for (const name of ["b", "c", "d"]) await run(name, { content: null });
    await ageAll(store, folder.path, NOW - 9 * DAY);
    await collect();
    await assertWhole(store, first);
    expect((await readLatest(store))?.manifest.symbols.BTC.since).toBe(first.version);
    const young = [];
    for (const name of ["e", "f", "g"]) young.push(await run(name, { daysAgo: 1 }));
    await ageAll(store, folder.path, NOW - 9 * DAY);
    await collectGarbage(store, { ...RULES, days: 3 }, NOW);
    for (const manifest of young) await assertWhole(store, manifest);
    await collect();
    await expect(assertWhole(store, young[0])).rejects.toThrow(CorruptObjectError);
    for (const manifest of young.slice(1)) await assertWhole(store, manifest);
  });

  test("keeps what a running pipeline has written, has found stored, or is about to publish", async () => {
    await run("a");
    const old = await putRunObjects(store, "once before");
    const waiting = runManifest("waiting", NOW, null, await putRunObjects(store, "waiting"));
    await ageAll(store, folder.path, NOW - 9 * DAY);
    await store.put(manifestKey(waiting.version), encodeManifest(waiting), { ifAbsent: true });
    const again = await putRunObjects(store, "once before");
    expect(again).toEqual(old);
    const fresh = await putRunObjects(store, "new");
    await collect();
    await assertStored(store, [...Object.values(again), ...Object.values(fresh), ...namedObjects(waiting)]);
  });

  test("spares what is published or written again between the plan and the deletion", async () => {
    await run("a");
    const doomed: RunObjects[] = [];
    for (let i = 0; i < 30; i++) doomed.push(await putRunObjects(store, `doomed ${i}`));
    await ageAll(store, folder.path, NOW - 9 * DAY);
    let deletions = 0;
    const interrupted: ObjectStore = {
      ...store,
      delete: async (key) => {
        if (++deletions === 5) {
          await publish(store, (previous) => runManifest("meanwhile", NOW, previous, doomed[29]));
          await putImmutable(store, doomed[28].file.key, new TextEncoder().encode("model doomed 28"), null);
        }
        await store.delete(key);
      },
    };
    const { deletable, deleted, spared } = await collectGarbage(interrupted, RULES, NOW);
    expect({ deletable: deletable.length, deleted, spared }).toEqual({ deletable: 151, deleted: 146, spared: 5 });
    await assertWhole(store, (await readLatest(store))?.manifest as Manifest);
    await assertStored(store, [doomed[28].file]);
  });

  test("removes half-written files of killed writers, once they are old", async () => {
    await run("a");
    const left = [`${crypto.randomUUID()}.tmp`, `abc.lock.${crypto.randomUUID()}`];
    for (const name of [...left, "new.tmp"]) await writeFile(join(folder.path, ".candlecast", name), "half");
    for (const name of left) age(folder.path, `.candlecast/${name}`, NOW - 9 * DAY);
    await collect();
    expect(await readdir(join(folder.path, ".candlecast"))).toEqual(["new.tmp"]);
  });

  test("deletes nothing if it can't know what is named", async () => {
    const first = await run("a");
    await run("b");
    await run("c");
    await ageAll(store, folder.path, NOW - 9 * DAY);
    const pointer = (await store.get(POINTER_KEY))?.bytes as Uint8Array;
    await store.delete(POINTER_KEY);
    const before = await keys();
    await expect(collect()).rejects.toThrow(/no manifests\/latest.json/);
    await store.put(POINTER_KEY, pointer, { ifAbsent: true });
    await store.delete(manifestKey(first.version));
    await store.put(manifestKey(first.version), new TextEncoder().encode("damage"), { ifAbsent: true });
    await expect(collect()).rejects.toThrow(CorruptObjectError);
    expect(await keys()).toEqual([...before, POINTER_KEY].sort());
  });

  test.each([
    { ...RULES, keep: 0 },
    { ...RULES, keep: 1.5 },
    { ...RULES, graceDays: 1 },
    { ...RULES, days: Number.NaN },
    { ...RULES, keep: "x" as unknown as number },
  ])("refuses the rules %j", async (rules) => {
    await expect(planGarbage(store, rules, NOW)).rejects.toThrow(InvalidInputError);
  });

  test("deletes only old objects from a store where nothing was published", async () => {
    const old = await putRunObjects(store, "old");
    await ageAll(store, folder.path, NOW - 9 * DAY);
    const fresh = await putRunObjects(store, "fresh");
    expect(await collectGarbage(store, DEFAULT_RETENTION, NOW)).toMatchObject({ latest: null, deleted: 5, young: 5 });
    await assertStored(store, Object.values(fresh));
    await expect(assertStored(store, [old.file])).rejects.toThrow(/is missing/);
  });
});

test("while runs publish and collections delete, every object of the served manifest is there", async () => {
  const CONTENTS = 6;
  let publishing = true;
  let lost = 0;
  const underWay = new Map<string, number>();
  const keysOf: string[][] = [];
  for (let i = 0; i < CONTENTS; i++) keysOf.push(Object.values(await putRunObjects(store, `content ${i}`)).map(({ key }) => key));
  const publisher = async (name: string) => {
    for (let i = 0; i < 25; i++) {
      const content = (i * 7 + name.length) % CONTENTS;
      underWay.set(name, content);
      const objects = await putRunObjects(store, `content ${content}`);
      const { snapshot: _, ...named } = objects;
      try {
        await assertStored(store, Object.values(named));
      } catch {
        lost++;
        continue;
      }
      await publish(store, (previous) => runManifest(`${name} ${i}`, NOW + i * 2_000 + name.length * 1_000, previous, named));
    }
  };
  let deleted = 0;
  const collector = async () => {
    while (publishing) {
      // All that no run is at work on has been lying there for long. Looked up and aged in one go, so that no run begins between.
      for (const key of (await keys()).filter((name) => !name.startsWith(prefixOf("manifests"))))
        if (![...underWay.values()].some((content) => keysOf[content].includes(key))) age(folder.path, key, NOW - 9 * DAY);
      deleted += (await collectGarbage(store, { keep: 1, days: 0, graceDays: 2 }, Date.now())).deleted;
    }
  };
  let reads = 0;
  const reader = async () => {
    while (publishing) {
      const latest = await readLatest(store);
      if (latest) {
        await assertWhole(store, latest.manifest).catch(async (error) => {
          // Only what is served counts: a former manifest may have been replaced, then collected, while it was read.
          if ((await readLatest(store))?.manifest.version === latest.manifest.version) throw error;
        });
        reads++;
      }
    }
  };
  const publishers = Promise.all([publisher("x"), publisher("xy")]).finally(() => {
    publishing = false;
  });
  await Promise.all([publishers, collector(), reader()]);
  await assertWhole(store, (await readLatest(store))?.manifest as Manifest);
  expect(deleted).toBeGreaterThan(20);
  expect(reads).toBeGreaterThan(20);
  expect(lost).toBeLessThan(25);
});

const server: S3Server | string = await startVersitygw().catch((error: Error) => error.message);
if (typeof server === "string") test.skip(`garbage collection in s3: skipped, because no S3 server can be had: ${server}`, () => {});
else {
  afterAll(() => server.stop());

  test("deletes the same in S3, and keeps all that is served", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", server.accessKey);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", server.secretKey);
    store = createS3Store({ bucket: server.bucket, prefix: "retention", endpoint: server.endpoint });
    const runs = [];
    for (const name of ["a", "b", "c"]) runs.push(await run(name));
    const later = NOW + 9 * DAY;
    expect(await collectGarbage(store, RULES, NOW)).toMatchObject({ deleted: 0 });
    expect(await collectGarbage(store, RULES, later)).toMatchObject({ retained: 2, deleted: 7, spared: 0 });
    await expect(assertWhole(store, runs[0])).rejects.toThrow(CorruptObjectError);
    for (const manifest of runs.slice(1)) await assertWhole(store, manifest);
    expect((await collectGarbage(store, RULES, later)).deletable).toEqual([]);
    vi.unstubAllEnvs();
  });
}

describe("a rollback", () => {
  test("serves a former content as a new manifest, with the reason; the next run continues from it", async () => {
    const good = await run("good");
    const bad = await run("bad");
    const { manifest, published } = await rollBack(store, good.version, { reason: "wrong candles", now: NOW });
    expect(published).toBe(true);
    expect((await readLatest(store))?.manifest).toEqual(manifest);
    expect(manifest).toEqual({
      ...good,
      version: manifest.version,
      previous: bad.version,
      createdAt: new Date(NOW).toISOString(),
      rollback: { to: good.version, from: bad.version, reason: "wrong candles" },
    });
    const next = await run("next");
    expect(next.previous).toBe(manifest.version);
    expect(next.rollback).toBeUndefined();
  });

  test("is what the API serves from then on", async () => {
    const served = await createPublishedStore();
    const good = await served.publish("2017-06-01T00:00:00.000Z");
    const bad = await served.publish("2017-06-02T00:00:00.000Z", ({ HET }) => ({ HET: { ...HET, models: HET.models.slice(0, 1) } }));
    const registry = createLiveRegistry(served.store, { pollMs: 0 });
    const app = createApp({ registry, now: () => NOW, codeVersion: "0" });
    const models = async () => {
      const { symbols } = (await (await app.request("/models")).json()) as { symbols: { models: unknown[] }[] };
      return symbols[0].models.length;
    };
    await registry.reload();
    expect(await models()).toBe(1);
    const { manifest } = await rollBack(served.store, good.version, { reason: "x", now: NOW });
    expect(manifest.previous).toBe(bad.version);
    expect(await registry.reload()).toEqual({ changed: true, version: manifest.version });
    expect(await models()).toBe(6);
    registry.close();
  });

  test("asked for twice is done once", async () => {
    const good = await run("good");
    await run("bad");
    const { manifest } = await rollBack(store, good.version, { reason: "x", now: NOW });
    expect(await rollBack(store, good.version, { reason: "x", now: NOW + 1_000 })).toEqual({ manifest, published: false });
  });

  test("refuses a version that was never served, and one whose objects are gone: what is served stays", async () => {
    const good = await run("good");
    const bad = await run("bad");
    const lost = runManifest("lost", NOW, null, await putRunObjects(store, "lost"));
    await store.put(manifestKey(lost.version), encodeManifest(lost), { ifAbsent: true });
    for (const version of [lost.version, "20201231T120000Z-00000000"])
      await expect(rollBack(store, version, { reason: "x", now: NOW })).rejects.toThrow(InvalidInputError);
    await store.delete(good.symbols.BTC.features.key);
    await expect(rollBack(store, good.version, { reason: "x", now: NOW })).rejects.toThrow(good.symbols.BTC.features.key);
    expect((await readLatest(store))?.manifest).toEqual(bad);
  });

  test("makes what it serves young, so that a collection under way does not take it", async () => {
    const good = await run("good");
    for (const name of ["b", "c", "d"]) await run(name);
    await ageAll(store, folder.path, NOW - 9 * DAY);
    await rollBack(store, good.version, { reason: "x", now: NOW });
    const { deletable } = await planGarbage(store, RULES, NOW);
    const named = new Set(namedObjects(good).map(({ key }) => key));
    expect(deletable.filter(({ key }) => named.has(key))).toEqual([]);
    for await (const info of store.list(good.symbols.BTC.features.key)) expect(info.lastModified).toBeGreaterThan(NOW - DAY);
    expect(await readManifest(store, good.version)).toEqual(good);
  });
});

test("an object that is put again is written again once it is old, not before", async () => {
  const ref = await putImmutable(store, "models/x.json", new TextEncoder().encode("model"), null);
  age(folder.path, ref.key, NOW - DAY / 2);
  const before = await store.get(ref.key);
  await putImmutable(store, ref.key, new TextEncoder().encode("model"), null);
  expect(await store.get(ref.key)).toEqual(before);
  age(folder.path, ref.key, NOW - 2 * DAY);
  await putImmutable(store, ref.key, new TextEncoder().encode("model"), null);
  const after = await store.get(ref.key);
  expect(after?.lastModified).toBeGreaterThan(NOW - 1_000);
  expect(sha256Hex(after?.bytes ?? new Uint8Array())).toBe(ref.sha256);
});
