import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { forecastKeeper, forecastManifest } from "../../activities/publish/publish-forecasts.ts";
import { encodeManifest } from "../../core/manifests/encode-manifest.ts";
import type { Manifest, SymbolEntry } from "../../core/manifests/manifest.ts";
import { contentDigest, sealVersion } from "../../core/manifests/seal-version.ts";
import { markStale } from "../../core/manifests/staleness.ts";
import type { KeptForecast } from "../../core/scoring/kept-forecast.ts";
import { championOf } from "../../core/serving/champion.ts";
import { PreconditionFailedError } from "../../core/vocabulary/errors.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { forecastKey, keepForecasts, readForecasts } from "../../storage/prediction-files/forecast-store.ts";
import { publish } from "../../storage/registry/publish.ts";
import { manifestKey, readLatest } from "../../storage/registry/reader.ts";
import { rollBack } from "../../storage/registry/rollback.ts";
import { verify } from "../../storage/registry/verify.ts";
import { createPublishedStore, type PublishedStore } from "../api/published-store.ts";

const CREATED = "2017-06-01T00:10:00.000Z";
const DAY = 86_400_000;

let whole: PublishedStore;
let store: ObjectStore;
let entry: SymbolEntry;
beforeAll(async () => {
  whole = await createPublishedStore();
});
beforeEach(async () => {
  store = createMemoryStore();
  for await (const { key } of whole.store.list("")) {
    const bytes = (await whole.store.get(key))?.bytes ?? new Uint8Array();
    await store.put(key, bytes, { ifAbsent: true });
  }
  entry = whole.entry;
});

function manifestOf(
  previous: Manifest | null,
  { runId = "run-1", symbols = { HET: entry } as Record<string, SymbolEntry> } = {},
): Manifest {
  return sealVersion({
    schema: "candlecast.manifest/1",
    previous: previous?.version ?? null,
    createdAt: CREATED,
    asOf: "2017-06-01T00:00:00.000Z",
    workflow: { id: "pipeline-test", runId },
    codeVersion: "0.0.0",
    interval: "1d",
    horizon: 1,
    featureSet: { name: "x", digest: "y" },
    symbols,
  });
}

async function publishKept(options: Parameters<typeof manifestOf>[1] = {}): Promise<{ manifest: Manifest; rows: KeptForecast[] }> {
  const keeper = forecastKeeper(store);
  const { manifest } = await publish(store, (previous) => manifestOf(previous, options), { complete: keeper.complete });
  await keeper.settle(manifest);
  if (!manifest.forecasts) throw new Error("the manifest names no forecasts");
  return { manifest, rows: await readForecasts(store, manifest.forecasts) };
}

const withRoles = (change: (name: string) => "champion" | "no_skill"): SymbolEntry => ({
  ...entry,
  models: entry.models.map((model) => ({ ...model, role: change(model.name) })),
});

describe("the forecasts of a published manifest", () => {
  test("are one row per model and per baseline that can be served, for the candle after the newest known one", async () => {
    const { manifest, rows } = await publishKept();
    expect(rows.map(({ task, model, scope }) => `${task} ${model} ${scope}`).sort()).toEqual([
      "classification class_prior null",
      "classification logistic_regression coin",
      "classification random_forest_classifier coin",
      "regression ensemble coin",
      "regression gradient_boosting coin",
      "regression linear_regression coin",
      "regression no_change null",
      "regression random_forest coin",
    ]);
    expect(manifest.forecasts?.rows).toBe(rows.length);
    for (const row of rows) {
      expect(row).toMatchObject({
        symbol: "HET",
        interval: "1d",
        horizon: 1,
        asOfOpenTime: Date.parse("2017-05-31"),
        targetOpenTime: Date.parse("2017-06-01"),
        targetCloseTime: Date.parse("2017-06-02"),
        manifest: manifest.version,
        entrySince: entry.since,
        trainingDigest: entry.trainingDigest,
        featureDigest: entry.features.sha256,
        publishedAt: Date.parse(CREATED),
        runId: "run-1",
        source: "simulated",
        simulated: true,
        withheldReasons: null,
      });
      expect(row.baselineLogReturn).toBe(row.task === "regression" ? 0 : null);
    }
    const noChange = rows.find(({ model }) => model === "no_change");
    expect(noChange).toMatchObject({ role: "baseline", logReturn: 0, price: noChange?.asOfClose, modelSha256: null });
    const prior = entry.models.find(({ baselines }) => baselines.class_prior)?.baselines.class_prior;
    const direction = rows.filter(({ task }) => task === "classification");
    expect(direction.map(({ baselineProbabilityUp }) => baselineProbabilityUp)).toEqual([prior, prior, prior]);
    const forest = rows.find(({ model }) => model === "random_forest");
    expect(forest?.modelSha256).toBe(entry.models.find(({ name }) => name === "random_forest")?.file?.sha256);
    expect(forest?.price).toBeCloseTo((forest?.asOfClose ?? 0) * Math.exp(forest?.logReturn ?? 0), 9);
  });

  test.each([
    ["a champion per task", ["ensemble", "logistic_regression"], ["ensemble", "logistic_regression"]],
    ["no champion", [], ["class_prior", "no_change"]],
    ["a champion of prices only", ["linear_regression"], ["class_prior", "linear_regression"]],
  ])("tell which row is served: %s", async (_, champions, served) => {
    const { rows } = await publishKept({ symbols: { HET: withRoles((name) => (champions.includes(name) ? "champion" : "no_skill")) } });
    const found = rows.filter((row) => row.served).map(({ model }) => model);
    expect(found.sort()).toEqual(served);
    expect(rows.filter(({ role }) => role === "champion").map(({ model }) => model)).toEqual(expect.arrayContaining(champions));
  });

  test("don't depend on which model is served", async () => {
    const numbers = ({ rows }: { rows: KeptForecast[] }) =>
      rows.map(({ model, logReturn, probabilityUp, lower }) => [model, logReturn, probabilityUp, lower]);
    const one = numbers(await publishKept({ symbols: { HET: withRoles(() => "no_skill") } }));
    const other = numbers(
      await publishKept({ runId: "run-2", symbols: { HET: withRoles((name) => (name === "ensemble" ? "champion" : "no_skill")) } }),
    );
    expect(other.sort()).toEqual(one.sort());
  });

  test("that are withheld are rows without numbers, with their reason", async () => {
    const old = { ...entry, candles: { ...entry.candles, lastOpenTime: "2017-05-31T00:00:00.000Z" } };
    const late = () => ({ ...manifestOf(null, { symbols: { HET: old } }), asOf: "2017-06-09T00:00:00.000Z" });
    const rows = await forecastManifest(store, late());
    expect(rows).toHaveLength(8);
    for (const row of rows) {
      expect(row).toMatchObject({ served: false, withheldReasons: "stale_candles" });
      const { logReturn, price, lower, upper, coverage, probabilityUp, baselineLogReturn, baselineProbabilityUp } = row;
      expect([logReturn, price, lower, upper, coverage, probabilityUp, baselineLogReturn, baselineProbabilityUp]).toEqual(
        Array(8).fill(null),
      );
      expect(row.asOfClose).toBeGreaterThan(0);
    }
  });

  test.each(["features", "model"])(
    "of a coin whose %s can't be read say so, and stop neither the others nor the publication",
    async (what) => {
      const file = entry.models.find(({ name }) => name === "random_forest")?.file;
      const broken = what === "features" ? entry.features.key : (file?.key ?? "");
      await store.delete(broken);
      await store.put(broken, new Uint8Array([1]), { ifAbsent: true });
      // The other coin has everything under other keys.
      const copy = async (key: string) => {
        const bytes = (await whole.store.get(key))?.bytes ?? new Uint8Array();
        await store.put(`copy/${key}`, bytes, { ifAbsent: true });
        return `copy/${key}`;
      };
      const models = await Promise.all(
        entry.models.map(async (m) => ({ ...m, file: m.file && { ...m.file, key: await copy(m.file.key) } })),
      );
      const sane = { ...entry, models, features: { ...entry.features, key: await copy(entry.features.key) } };
      const manifest = manifestOf(null, { symbols: { HET: entry } });
      const rows = await forecastManifest(store, { ...manifest, symbols: { A: entry, HET: sane } });
      const [bad, good] = [rows.slice(0, 8), rows.slice(8)];
      expect(new Set(bad.map(({ withheldReasons }) => withheldReasons))).toEqual(new Set(["unreadable"]));
      expect(bad[0]).toMatchObject({ asOfClose: null, logReturn: null, served: false, targetOpenTime: Date.parse("2017-06-01") });
      expect(new Set(good.map(({ withheldReasons }) => withheldReasons))).toEqual(new Set([null]));
      const { rows: published } = await publishKept();
      expect(published.every(({ withheldReasons }) => withheldReasons === "unreadable")).toBe(true);
    },
  );

  test("of an entry of other settings keep its own horizon", async () => {
    const stale = markStale(entry, { code: "other_settings", made: { interval: "1d", horizon: 1 }, runs: { interval: "1d", horizon: 7 } });
    const rows = await forecastManifest(store, { ...manifestOf(null, { symbols: { HET: stale } }), horizon: 7 });
    expect(new Set(rows.map(({ horizon }) => horizon))).toEqual(new Set([1]));
  });

  test("read each model file once, however many coins share it", async () => {
    const reads: string[] = [];
    const counted: ObjectStore = {
      ...store,
      get(key) {
        reads.push(key);
        return store.get(key);
      },
    };
    await forecastManifest(counted, { ...manifestOf(null), symbols: { HET: entry, HET2: { ...entry, symbol: "HET" } } });
    const files = entry.models.flatMap(({ file }) => file?.key ?? []);
    expect(reads.filter((key) => files.includes(key)).sort()).toEqual([...files].sort());
  });
});

describe("a manifest with kept forecasts", () => {
  test("has the version that it has without them, and is verified with them", async () => {
    const { manifest } = await publishKept();
    expect(manifest.version).toBe(manifestOf(null).version);
    const { forecasts: _, ...without } = manifest;
    expect(contentDigest(without)).toBe(contentDigest(manifest));
    const { objects, equal } = await verify(store, null);
    expect(equal).toBe(true);
    expect(objects.find(({ key }) => key === manifest.forecasts?.key)).toMatchObject({ status: "ok", namedBy: ["forecasts"] });
    await store.delete(forecastKey(manifest.version));
    expect((await verify(store, null)).equal).toBe(false);
  });

  test("that names the forecasts of another is found changed", async () => {
    const { manifest: first } = await publishKept();
    const { manifest } = await publishKept({ runId: "run-2", symbols: { HET: withRoles(() => "no_skill") } });
    await publishKept({ runId: "run-3" });
    const forged = encodeManifest({ ...manifest, forecasts: first.forecasts });
    await store.delete(manifestKey(manifest.version));
    await store.put(manifestKey(manifest.version), forged, { ifAbsent: true });
    const { objects } = await verify(store, manifest.version);
    const status = (version: string) => objects.find(({ key }) => key === manifestKey(version))?.status;
    expect([status(manifest.version), status(first.version)]).toEqual(["changed", "ok"]);
  });

  test("is stored after its forecasts, and before the pointer", async () => {
    const written: string[] = [];
    const memory = store;
    store = {
      ...memory,
      put(key, bytes, condition) {
        written.push(key.split("/").slice(0, 2).join("/"));
        return memory.put(key, bytes, condition);
      },
    };
    await publishKept();
    const order = ["predictions/forecasts", "manifests", "manifests/latest.json"];
    expect([...new Set(written.map((key) => order.find((start) => key === start) ?? "manifests"))]).toEqual(order);
  });

  test("is published once, with one file, however often its run asks", async () => {
    const first = await publishKept();
    expect(await publishKept()).toEqual(first);
    const files: string[] = [];
    for await (const { key } of store.list("predictions/")) files.push(key);
    expect(files).toEqual([forecastKey(first.manifest.version)]);
  });

  test("takes over the file of an attempt that was killed, though more can be read now", async () => {
    const version = manifestOf(null).version;
    const lost = { ...store, get: async (key: string) => (key === entry.features.key ? null : store.get(key)) };
    await forecastKeeper(lost).complete(manifestOf(null));
    const { manifest, rows } = await publishKept();
    expect(manifest.version).toBe(version);
    expect(new Set(rows.map(({ withheldReasons }) => withheldReasons))).toEqual(new Set(["unreadable"]));
    const never = () => Promise.reject(new Error("computed again"));
    expect(await keepForecasts(store, version, never)).toEqual(manifest.forecasts);
  });

  test("stays published if what lost the race can't be deleted", async () => {
    const keeper = forecastKeeper({ ...store, delete: () => Promise.reject(new Error("AccessDenied")) });
    await keeper.complete(manifestOf(null, { runId: "lost" }));
    const { manifest } = await publish(store, (previous) => manifestOf(previous), { complete: keeper.complete });
    expect(await keeper.settle(manifest)).toEqual({ given: 8, withheld: 0 });
  });

  test("that loses the race leaves no file of the version that was not published", async () => {
    const memory = store;
    let hasLost = false;
    store = {
      ...memory,
      async put(key, bytes, condition) {
        if (key === "manifests/latest.json" && !hasLost) {
          hasLost = true;
          await publish(memory, (previous) => manifestOf(previous, { runId: "winner" }));
          throw new PreconditionFailedError("lost");
        }
        return memory.put(key, bytes, condition);
      },
    };
    const { manifest, rows } = await publishKept();
    expect((await readLatest(memory))?.manifest).toEqual(manifest);
    expect(manifest.previous).not.toBeNull();
    expect(new Set(rows.map((row) => row.manifest))).toEqual(new Set([manifest.version]));
    const files: string[] = [];
    for await (const { key } of memory.list("predictions/")) files.push(key);
    expect(files).toEqual([forecastKey(manifest.version)]);
  });

  test("is rolled back to with forecasts of its own", async () => {
    const { manifest: first } = await publishKept();
    await publishKept({ runId: "run-2", symbols: { HET: withRoles(() => "no_skill") } });
    const now = Date.parse(CREATED) + DAY / 2;
    const plain = await rollBack(store, first.version, { reason: "a test", now });
    expect(plain.manifest.forecasts).toBeUndefined();
    await publishKept({ runId: "run-3", symbols: { HET: withRoles(() => "no_skill") } });
    const kept = await rollBack(store, first.version, { reason: "a test", now: now + 1_000, complete: forecastKeeper(store).complete });
    expect(kept.manifest.forecasts?.key).toBe(forecastKey(kept.manifest.version));
    const rows = kept.manifest.forecasts ? await readForecasts(store, kept.manifest.forecasts) : [];
    expect(new Set(rows.map(({ manifest, publishedAt }) => `${manifest} ${publishedAt}`))).toEqual(
      new Set([`${kept.manifest.version} ${now + 1_000}`]),
    );
    expect(championOf(kept.manifest.symbols.HET.models, "regression")?.name).toBe(championOf(entry.models, "regression")?.name);
  });
});
