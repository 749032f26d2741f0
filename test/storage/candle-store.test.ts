import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { Candle } from "../../core/candles/candle.ts";
import { mergeSeries } from "../../core/candles/merge-series.ts";
import { CorruptObjectError, StoreUnavailableError } from "../../core/vocabulary/errors.ts";
import { loadSeries, readCoverage, upsertCandles } from "../../storage/candle-files/candle-store.ts";
import { partitionKey } from "../../storage/candle-files/partitions.ts";
import { getVerified } from "../../storage/object-store/immutable.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { candle, candlesArbitrary, DAY, START, series } from "../candles/series.ts";

const FAR = START + 10_000 * DAY;
let store: ObjectStore;
beforeEach(() => {
  store = createMemoryStore();
});
const load = async (asOf = FAR) => (await loadSeries(store, "BTC", "1d", { asOf })).series;
const objects = async () => {
  const found: Record<string, string> = {};
  for await (const { key, lastModified } of store.list("")) found[key] = `${(await store.get(key))?.etag} ${lastModified}`;
  return found;
};
const days = (from: number, to: number, values: Partial<Candle> = {}) =>
  series(Array.from({ length: to - from }, (_, i) => candle(from + i, values)));

describe("stored candles", () => {
  test("are loaded as they were put, whatever the order of the puts", async () => {
    await fc.assert(
      fc.asyncProperty(candlesArbitrary, candlesArbitrary, async (a, b) => {
        store = createMemoryStore();
        // Of the same coin where both have a candle: others are refused.
        const closes = new Map(a.map(({ openTime, close }) => [openTime, 1.01 * close]));
        const fetched = b.map((row) => ({ ...row, close: closes.get(row.openTime) ?? row.close, fetchedAt: row.fetchedAt + 1 }));
        const [first, second] = [series(a), series(fetched)];
        expect(await upsertCandles(store, first)).toMatchObject({ added: first.length, revised: 0 });
        expect(await load()).toEqual(first);
        const { series: merged, added, revised, outdated } = mergeSeries(first, second);
        const compared = first.length + second.length - merged.length;
        expect(await upsertCandles(store, second)).toEqual({ added, revised, outdated, compared });
        expect(await load()).toEqual(merged);
      }),
      { numRuns: 25 },
    );
  });

  test("are in one file per year, month or day, depending on the interval", async () => {
    const time = Date.parse("2020-12-31T23:59:00Z");
    expect(partitionKey("BTC", "1d", time)).toBe("data/candles/interval=1d/coin=BTC/year=2020.parquet");
    expect(partitionKey("BTC", "1h", time)).toBe("data/candles/interval=1h/coin=BTC/month=2020-12.parquet");
    expect(partitionKey("BTC", "1m", time)).toBe("data/candles/interval=1m/coin=BTC/day=2020-12-31.parquet");
    await upsertCandles(store, days(0, 400));
    expect(Object.keys(await objects())).toEqual([2020, 2021].map((year) => `data/candles/interval=1d/coin=BTC/year=${year}.parquet`));
  });

  test("of one symbol and interval are kept apart from others", async () => {
    await upsertCandles(store, days(0, 3));
    await upsertCandles(store, series([candle(7)], { symbol: "BTCX" }));
    await upsertCandles(store, series([candle(9)], { interval: "1h" }));
    expect((await load()).length).toBe(3);
    expect((await loadSeries(store, "BTCX", "1d", { asOf: FAR })).series.length).toBe(1);
    expect((await loadSeries(store, "BTC", "1h", { asOf: FAR })).series.length).toBe(1);
  });

  test("are loaded up to the last one that had closed at the run's clock", async () => {
    await upsertCandles(store, days(0, 10));
    expect((await load(START + 5 * DAY)).length).toBe(5);
    expect((await load(START + 5 * DAY - 1)).length).toBe(4);
    expect((await load(START)).length).toBe(0);
  });

  test("come with references to the files that hold them, and to no others", async () => {
    await upsertCandles(store, days(0, 400));
    const { objects: all } = await loadSeries(store, "BTC", "1d", { asOf: FAR });
    expect(all.map(({ rows }) => rows)).toEqual([214, 186]);
    for (const ref of all) expect((await getVerified(store, ref)).byteLength).toBe(ref.bytes);
    const { objects: past } = await loadSeries(store, "BTC", "1d", { asOf: START + 100 * DAY });
    expect(past).toEqual(all.slice(0, 1));
  });
});

describe("an upsert", () => {
  test("of candles that are stored already writes nothing, even if they were fetched later", async () => {
    await upsertCandles(store, days(0, 400));
    const before = await objects();
    expect(await upsertCandles(store, days(0, 400, { fetchedAt: FAR }))).toMatchObject({ added: 0, revised: 0 });
    expect(await upsertCandles(store, days(0, 0))).toMatchObject({ added: 0, revised: 0 });
    expect(await objects()).toEqual(before);
  });

  test("rewrites only the years that change", async () => {
    await upsertCandles(store, days(0, 400));
    const before = await objects();
    expect(await upsertCandles(store, days(395, 402, { close: 10.5, fetchedAt: FAR }))).toMatchObject({ added: 2, revised: 5 });
    const after = await objects();
    const [year2020, year2021] = Object.keys(after);
    expect(after[year2020]).toBe(before[year2020]);
    expect(after[year2021]).not.toBe(before[year2021]);
  });

  test("by many at once loses nothing", async () => {
    const parts = Array.from({ length: 12 }, (_, i) => days(i * 20, i * 20 + 25));
    await Promise.all(parts.map((part) => upsertCandles(store, part)));
    expect((await load()).length).toBe(245);
  });

  test("gives up, naming the file, if others change it again and again", async () => {
    const contested: ObjectStore = {
      ...store,
      async put(key, bytes, condition) {
        const found = await store.get(key);
        await store.put(key, new Uint8Array([...bytes]), found ? { ifMatch: found.etag } : { ifAbsent: true });
        return store.put(key, bytes, "ifAbsent" in condition ? condition : { ifMatch: "another" });
      },
    };
    const asked = upsertCandles({ ...contested, get: async () => null }, days(0, 2));
    await expect(asked).rejects.toThrow(StoreUnavailableError);
    await expect(asked).rejects.toThrow(/year=2020.parquet/);
  });

  test("does not write over a file that it can't read", async () => {
    const key = partitionKey("BTC", "1d", START);
    await store.put(key, new TextEncoder().encode("damage"), { ifAbsent: true });
    await expect(upsertCandles(store, days(0, 2))).rejects.toThrow(CorruptObjectError);
    expect(new TextDecoder().decode((await store.get(key))?.bytes)).toBe("damage");
  });
});

test("coverage is the first and the last candle over all files, and null where there are none", async () => {
  expect(await readCoverage(store, "BTC", "1d")).toBeNull();
  await upsertCandles(store, days(300, 400, { source: "kraken" }));
  await upsertCandles(store, days(0, 2));
  expect(await readCoverage(store, "BTC", "1d")).toEqual({
    firstOpenTime: START,
    firstSource: "binance",
    lastOpenTime: START + 399 * DAY,
    lastSource: "kraken",
  });
});
