import { beforeEach, describe, expect, test } from "vitest";
import { seriesFromCandles } from "../../core/candles/build-series.ts";
import type { Candle } from "../../core/candles/candle.ts";
import { encodeManifest } from "../../core/manifests/encode-manifest.ts";
import type { Manifest } from "../../core/manifests/manifest.ts";
import { sealVersion } from "../../core/manifests/seal-version.ts";
import { InvalidInputError } from "../../core/vocabulary/errors.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { loadSeries, upsertCandles } from "../../storage/candle-files/candle-store.ts";
import { putImmutable } from "../../storage/object-store/immutable.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { publish } from "../../storage/registry/publish.ts";
import { manifestKey, POINTER_KEY } from "../../storage/registry/reader.ts";
import { verify } from "../../storage/registry/verify.ts";
import { sampleManifest } from "../manifests/sample-manifest.ts";

const DAY = 86_400_000;
const START = Date.parse("2020-01-01");
const CANDLES = "data/candles/interval=1d/coin=BTC/year=2020.parquet";
const text = (value: string) => new TextEncoder().encode(value);

let store: ObjectStore;
let runs: number;

const candle = (day: number, close: number, fetchedAt: number): Candle => ({
  openTime: START + day * DAY,
  open: close,
  high: close,
  low: close,
  close,
  volume: 1,
  quoteVolume: null,
  marketCap: null,
  source: "binance",
  fetchedAt: START + fetchedAt * DAY,
});

async function addCandles(candles: readonly Candle[]): Promise<void> {
  await upsertCandles(store, seriesFromCandles("BTC", "1d", candles));
}

/** Publishes a manifest that names the candles as they are now, and some other objects. */
async function publishNow(): Promise<Manifest> {
  const { objects } = await loadSeries(store, "BTC", "1d", { asOf: START + 300 * DAY });
  const put = (name: string): Promise<ObjectRef> => putImmutable(store, `${name}-${runs}`, text(`${name} ${runs}`), null);
  runs++;
  const [features, evaluation, model, report] = [await put("features"), await put("evaluation"), await put("models"), await put("report")];
  const { manifest } = await publish(store, (previous) => {
    const sample = sampleManifest(`run-${runs}`, previous);
    const entry = sample.symbols.BTC;
    const changed = {
      ...entry,
      candles: { ...entry.candles, objects },
      features,
      evaluation,
      report,
      models: entry.models.map((one) => ({ ...one, file: model })),
    };
    const symbols = { BTC: changed, ETH: { ...changed, symbol: "ETH" } };
    return sealVersion({ ...sample, symbols });
  });
  return manifest;
}

async function replace(key: string, bytes: Uint8Array): Promise<void> {
  await store.delete(key);
  await store.put(key, bytes, { ifAbsent: true });
}

const statusOf = async (key: string, version: string | null = null) => {
  const { objects, equal } = await verify(store, version);
  return { status: objects.find((object) => object.key === key)?.status, equal };
};

beforeEach(async () => {
  store = createMemoryStore();
  runs = 0;
  await addCandles([candle(0, 100, 50), candle(1, 101, 50), candle(2, 102, 51)]);
});

describe("verify", () => {
  test("looks at each object once, with every place that names it", async () => {
    const { version } = await publishNow();
    const { objects, equal } = await verify(store, version);
    expect(equal).toBe(true);
    const [model] = objects.filter(({ key }) => key === "models-1");
    expect(model.namedBy).toEqual(["symbols.BTC.models.0.file", "symbols.ETH.models.0.file"]);
    expect(new Set(objects.map(({ key }) => key)).size).toBe(objects.length);
  });

  test("finds references in fields that it does not know", async () => {
    const { version } = await publishNow();
    const stored = JSON.parse(new TextDecoder().decode((await store.get(manifestKey(version)))?.bytes));
    stored.symbols.BTC.report = { key: "reports/x.html", sha256: "00", bytes: 1, rows: null };
    await replace(manifestKey(version), text(JSON.stringify(stored)));
    const { objects } = await verify(store, version);
    expect(objects.find(({ key }) => key === "reports/x.html")).toMatchObject({ status: "missing", namedBy: ["symbols.BTC.report"] });
    expect(objects.find(({ key }) => key === manifestKey(version))?.status).toBe("changed");
  });

  test("has a few objects in memory at a time", async () => {
    await publishNow();
    let open = 0;
    let most = 0;
    const counting: ObjectStore = {
      ...store,
      async get(key) {
        most = Math.max(most, ++open);
        await new Promise((done) => setImmediate(done));
        open--;
        return store.get(key);
      },
    };
    expect((await verify(counting, null)).equal).toBe(true);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });
});

describe("a candle file that", () => {
  test("has grown is extended, and equal", async () => {
    const { version } = await publishNow();
    await addCandles([candle(5, 105, 60), candle(3, 103, 60)]);
    expect(await statusOf(CANDLES, version)).toEqual({ status: "extended", equal: true });
  });

  test("was revised again and again is extended, and equal: the published rows are kept", async () => {
    const versions = [(await publishNow()).version];
    for (const fetched of [60, 61, 62]) {
      await addCandles([candle(1, 99 - fetched, fetched), candle(fetched, 100, fetched)]);
      versions.push((await publishNow()).version);
    }
    await addCandles([candle(0, 70, 70), candle(1, 70, 70), candle(2, 70, 70)]);
    for (const version of versions) expect(await statusOf(CANDLES, version)).toEqual({ status: "extended", equal: true });
  });

  test("lost a row to a later, published fetch is revised, and no longer equal, if the row was not kept", async () => {
    const { version } = await publishNow();
    await addCandles([candle(1, 99, 60)]);
    await store.delete(CANDLES.replace("candles", "revisions"));
    expect(await statusOf(CANDLES, version)).toEqual({ status: "changed", equal: false });
    await publishNow();
    expect(await statusOf(CANDLES, version)).toEqual({ status: "revised", equal: false });
    expect(await statusOf(CANDLES)).toEqual({ status: "ok", equal: true });
  });

  test("was damaged is changed, whether it can be decoded or not", async () => {
    const { version } = await publishNow();
    const whole = (await store.get(CANDLES))?.bytes as Uint8Array;
    await addCandles([candle(3, 103, 60)]);
    const grown = (await store.get(CANDLES))?.bytes as Uint8Array;
    for (const bytes of [whole, grown])
      for (const at of [0, 40, bytes.length >> 1, bytes.length - 20, bytes.length - 1]) {
        const damaged = bytes.slice();
        damaged[at] ^= 4;
        await replace(CANDLES, damaged);
        expect(await statusOf(CANDLES, version)).toEqual({ status: "changed", equal: false });
      }
  });
});

describe("a manifest", () => {
  test("that latest.json does not lead to is unlinked", async () => {
    await publishNow();
    const alone = sampleManifest("alone");
    await store.put(manifestKey(alone.version), encodeManifest(alone), { ifAbsent: true });
    expect(await statusOf(manifestKey(alone.version), alone.version)).toEqual({ status: "unlinked", equal: false });
  });

  test("that was changed is found by the pointer's digest, or by its own version", async () => {
    const first = await publishNow();
    const second = await publishNow();
    for (const { version } of [first, second]) {
      const key = manifestKey(version);
      const bytes = (await store.get(key))?.bytes as Uint8Array;
      await replace(key, text(new TextDecoder().decode(bytes).replace('"horizon": 1', '"horizon": 2')));
      expect(await statusOf(key, version)).toEqual({ status: "changed", equal: false });
      await replace(key, text(`${new TextDecoder().decode(bytes)} `));
      expect((await statusOf(key, version)).status).toBe(version === second.version ? "changed" : "ok");
      await replace(key, bytes);
    }
    expect((await verify(store, first.version)).equal).toBe(true);
  });

  test("is checked even if the pointer is gone or broken", async () => {
    const { version } = await publishNow();
    await replace(POINTER_KEY, text("damage"));
    expect((await verify(store, null)).manifest).toBe("latest");
    expect(await statusOf(POINTER_KEY, version)).toEqual({ status: "changed", equal: false });
    expect(await statusOf("models-1", version)).toMatchObject({ status: "ok" });
    expect(await statusOf(POINTER_KEY)).toEqual({ status: "changed", equal: false });
    await store.delete(POINTER_KEY);
    expect(await statusOf(POINTER_KEY, version)).toEqual({ status: "missing", equal: false });
  });

  test("of a chain with a gap is reported with the gap", async () => {
    const first = await publishNow();
    const second = await publishNow();
    await publishNow();
    await store.delete(manifestKey(second.version));
    const { objects } = await verify(store, first.version);
    expect(objects.find(({ key }) => key === manifestKey(second.version))?.status).toBe("missing");
    expect(objects.find(({ key }) => key === manifestKey(first.version))?.status).toBe("unlinked");
  });

  test("that doesn't exist is refused", async () => {
    await expect(verify(store, null)).rejects.toThrow(InvalidInputError);
    await expect(verify(store, "20000101T000000Z-00000000")).rejects.toThrow(/no manifest 2000/);
  });
});
