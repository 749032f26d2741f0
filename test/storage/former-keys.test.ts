import { beforeEach, describe, expect, test } from "vitest";
import { loadSeries, readCoverage, storedSymbols, upsertCandles } from "../../storage/candle-files/candle-store.ts";
import { formerFiles, migrateFile } from "../../storage/candle-files/migrate-candles.ts";
import { currentKey, formerKey } from "../../storage/layout.ts";
import { withFormerKeys } from "../../storage/object-store/former-keys.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { verifyObject } from "../../storage/registry/verify-object.ts";
import { candle, DAY, START, series } from "../candles/series.ts";
import { describeObjectStore } from "./object-store-contract.ts";

describeObjectStore("a store with former keys", async () => ({
  fresh: async () => withFormerKeys(createMemoryStore()),
  stop: async () => {},
}));

const asOf = START + 2_000 * DAY;
const btc = series([candle(0), candle(1), candle(400)]);
const revised = series([candle(1, { close: 10.5, fetchedAt: candle(1).fetchedAt + 1 })]);
const eth = series([candle(3)], { symbol: "ETH" });
const later = series([candle(2, { fetchedAt: candle(2).fetchedAt + 2 })]);

async function keysOf(store: ObjectStore, prefix = "data/"): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
}

/** Puts everything back to where earlier versions stored it. */
async function asBefore(store: ObjectStore): Promise<void> {
  for (const key of await keysOf(store)) {
    await store.put(formerKey(key) ?? "", (await store.get(key))?.bytes ?? new Uint8Array(), { ifAbsent: true });
    await store.delete(key);
  }
}

const closes = async (store: ObjectStore, symbol: string) => Array.from((await loadSeries(store, symbol, "1d", { asOf })).series.close);
const contents = async (store: ObjectStore) => ({
  BTC: await closes(store, "BTC"),
  ETH: await closes(store, "ETH"),
  symbols: await storedSymbols(store, "1d"),
});

let plain: ObjectStore;
let store: ObjectStore;
beforeEach(async () => {
  plain = createMemoryStore();
  for (const given of [btc, revised, eth]) await upsertCandles(plain, given);
  await asBefore(plain);
  store = withFormerKeys(plain);
});

async function migrateAll(target: ObjectStore): Promise<string[]> {
  const done: string[] = [];
  for await (const key of formerFiles(target)) done.push((await migrateFile(target, key)).done);
  return done;
}

describe("candles under former keys", () => {
  test("are read like others: series, coverage, symbols, revisions, listings of every prefix", async () => {
    expect((await keysOf(plain)).every((key) => key.includes("/symbol="))).toBe(true);
    expect(await contents(store)).toEqual({ BTC: [11, 10.5, 11], ETH: [11], symbols: ["BTC", "ETH"] });
    const known = await loadSeries(store, "BTC", "1d", { asOf, knownAt: candle(1).fetchedAt });
    expect(Array.from(known.series.close)).toEqual([11, 11, 11]);
    expect(await readCoverage(store, "BTC", "1d")).toMatchObject({ firstOpenTime: START, lastOpenTime: START + 400 * DAY });
    const all = (await keysOf(plain)).map(currentKey).sort();
    expect(await keysOf(store)).toEqual(all);
    expect(await keysOf(store, "")).toEqual(all);
    for (const prefix of ["data/candles/interval=1d/", "data/candles/interval=1d/co", "data/candles/interval=1d/coin=B", "data/rev"])
      expect(await keysOf(store, prefix)).toEqual(all.filter((key) => key.startsWith(prefix)));
    for (const key of all) expect((await store.stat(key))?.key).toBe(key);
  });

  test("move to the current key with the first put, so that a glob over the store shows each candle once", async () => {
    await upsertCandles(store, later);
    expect(await keysOf(plain, "data/candles/interval=1d/")).toEqual([
      "data/candles/interval=1d/coin=BTC/year=2020.parquet",
      "data/candles/interval=1d/symbol=BTC/year=2021.parquet",
      "data/candles/interval=1d/symbol=ETH/year=2020.parquet",
    ]);
    expect(await keysOf(store, "data/candles/")).toHaveLength(3);
    expect(await closes(store, "BTC")).toEqual([11, 10.5, 11, 11]);
  });

  test("are not overwritten by a put that has read something else", async () => {
    const key = "data/candles/interval=1d/coin=BTC/year=2020.parquet";
    const read = await store.get(key);
    await plain.put(formerKey(key) ?? "", new Uint8Array([1]), { ifMatch: (await plain.get(formerKey(key) ?? ""))?.etag ?? "" });
    await expect(store.put(key, new Uint8Array([2]), { ifMatch: read?.etag ?? "" })).rejects.toThrow(/changed by another writer/);
    const again = await store.get(key);
    await store.put(key, new Uint8Array([2]), { ifMatch: again?.etag ?? "" });
    expect((await store.get(key))?.bytes).toEqual(new Uint8Array([2]));
    await store.delete(key);
    expect(await store.get(key)).toBeNull();
  });

  test("stay verifiable by manifests that name the former key, before and after they move", async () => {
    const { objects } = await loadSeries(store, "BTC", "1d", { asOf });
    const published = objects.map((ref) => ({ ...ref, key: formerKey(ref.key) ?? "" }));
    const states = async () => Promise.all(published.map(async (ref) => (await verifyObject(store, ref)).status));
    expect(await states()).toEqual(["ok", "ok"]);
    await migrateAll(plain);
    expect(await states()).toEqual(["ok", "ok"]);
    await upsertCandles(store, later);
    expect(await states()).toEqual(["extended", "ok"]);
  });
});

describe("a migration", () => {
  test("moves every file with its bytes, and finds nothing when it is run again", async () => {
    const before = await contents(store);
    const bytes = async () => Promise.all((await keysOf(store)).map(async (key) => (await store.get(key))?.bytes));
    const stored = await bytes();
    expect(await migrateAll(plain)).toEqual(["moved", "moved", "moved", "moved"]);
    expect(await bytes()).toEqual(stored);
    expect((await keysOf(plain)).some((key) => key.includes("/symbol="))).toBe(false);
    expect(await contents(plain)).toEqual(before);
    expect(await migrateAll(plain)).toEqual([]);
  });

  test("joins a file with the one that a worker of this version wrote meanwhile", async () => {
    await upsertCandles(plain, later);
    expect(await migrateAll(plain)).toContain("joined");
    expect(await closes(plain, "BTC")).toEqual([11, 10.5, 11, 11]);
    expect((await keysOf(plain)).some((key) => key.includes("/symbol="))).toBe(false);
  });

  test("leaves a file of another coin where it is, with the reason", async () => {
    await upsertCandles(plain, series([candle(0, { open: 900, high: 1_100, low: 800, close: 1_000, source: "kraken" })]));
    const key = "data/candles/interval=1d/symbol=BTC/year=2020.parquet";
    expect(await migrateFile(plain, key)).toMatchObject({ done: "refused", why: expect.stringMatching(/not of the stored coin/) });
    expect(await plain.get(key)).not.toBeNull();
  });

  test("that ends at any write loses nothing, shows the same candles meanwhile, and goes on when it is run again", async () => {
    const before = await contents(store);
    await upsertCandles(plain, later);
    for (let writes = 0; ; writes++) {
      const copy = createMemoryStore();
      for (const key of await keysOf(plain)) await copy.put(key, (await plain.get(key))?.bytes ?? new Uint8Array(), { ifAbsent: true });
      let left = writes;
      const die = () => {
        if (left-- === 0) throw new Error("killed");
      };
      const mortal: ObjectStore = {
        ...copy,
        put: async (...given) => {
          die();
          return copy.put(...given);
        },
        delete: async (key) => {
          die();
          await copy.delete(key);
        },
      };
      const killed = await migrateAll(mortal).then(
        () => false,
        () => true,
      );
      expect(await closes(withFormerKeys(copy), "ETH")).toEqual(before.ETH);
      expect((await closes(withFormerKeys(copy), "BTC")).length).toBeGreaterThan(0);
      await migrateAll(copy);
      expect(await contents(copy)).toEqual({ ...before, BTC: [11, 10.5, 11, 11] });
      if (!killed) {
        expect(writes).toBeGreaterThan(8);
        return;
      }
    }
  });
});
