import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { CandleSeries } from "../../core/candles/candle-series.ts";
import { computeFeatures } from "../../core/features/compute-features.ts";
import { loadSeries, upsertCandles } from "../../storage/candle-files/candle-store.ts";
import { encodeFeatures } from "../../storage/feature-files/feature-files.ts";
import { sha256Hex } from "../../storage/object-store/immutable.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { rowsOf } from "../candles/rows.ts";
import { candle, DAY, START, series } from "../candles/series.ts";

const FAR = START + 10_000 * DAY;
const FILE = "data/candles/interval=1d/coin=BTC/year=2020.parquet";
const REVISIONS = "data/revisions/interval=1d/coin=BTC/year=2020.parquet";
let store: ObjectStore;
beforeEach(() => {
  store = createMemoryStore();
});
const load = async (asOf: number, knownAt?: number) => (await loadSeries(store, "BTC", "1d", { asOf, knownAt })).series;
/** Days 0 … n − 1, fetched on day `fetched`, with closes that identify the fetch. */
const fetch = (n: number, fetched: number, close = 10 + fetched / 100) =>
  series(Array.from({ length: n }, (_, day) => candle(day, { close, fetchedAt: START + fetched * DAY })));
const values = (given: CandleSeries) => rowsOf(given).map(({ fetchedAt: _, ...rest }) => rest);

describe("a revision", () => {
  test("keeps what was known before: a run of the past sees what one of that day saw", async () => {
    await upsertCandles(store, fetch(5, 6));
    const then = await load(START + 7 * DAY);
    await upsertCandles(store, fetch(8, 9));
    await upsertCandles(store, fetch(8, 20));
    expect(await load(START + 7 * DAY)).toMatchObject({ length: 7 });
    expect(values(await load(START + 7 * DAY)).slice(0, 5)).toEqual(values(then));
    expect([...(await load(START + 10 * DAY)).close]).toEqual(new Array(8).fill(10.09));
    expect([...(await load(FAR)).close]).toEqual(new Array(8).fill(10.2));
  });

  test("does not take away a history that was first fetched after the day that is run again", async () => {
    await upsertCandles(store, fetch(30, 100));
    const past = START + 10 * DAY;
    const first = await load(past);
    expect(first.length).toBe(10);
    await upsertCandles(store, fetch(30, 200));
    expect(await load(past)).toEqual(first);
    expect([...(await load(past, START + 200 * DAY)).close]).toEqual(new Array(10).fill(12));
  });

  test("leaves one row per candle in the file that everybody reads, and the former ones beside it", async () => {
    await upsertCandles(store, fetch(3, 5));
    await upsertCandles(store, fetch(3, 6));
    await upsertCandles(store, fetch(2, 7));
    const keys: string[] = [];
    for await (const { key } of store.list("data/")) keys.push(key);
    expect(keys).toEqual([FILE, REVISIONS]);
    expect((await loadSeries(store, "BTC", "1d", { asOf: FAR })).objects.map(({ rows }) => rows)).toEqual([3]);
  });

  test("is not made by the same data: fetched again, they write neither candles nor revisions", async () => {
    await upsertCandles(store, fetch(3, 5, 11));
    await upsertCandles(store, fetch(3, 6, 12));
    const before = await Promise.all([FILE, REVISIONS].map((key) => store.get(key)));
    for (const fetched of [5, 6])
      expect(await upsertCandles(store, fetch(3, fetched, 6 + fetched))).toMatchObject({ added: 0, revised: 0 });
    expect(await upsertCandles(store, fetch(3, 9, 12))).toMatchObject({ added: 0, revised: 0 });
    expect(await Promise.all([FILE, REVISIONS].map((key) => store.get(key)))).toEqual(before);
  });

  test("gives the same features, bit by bit, as of a day, whatever was fetched later", async () => {
    const wave = (n: number, fetched: number) =>
      series(
        Array.from({ length: n }, (_, day) => {
          const close = 100 + 10 * Math.sin(day / 9) + fetched / 1_000;
          return candle(day, { open: close, high: close + 1, low: close - 1, close, fetchedAt: START + fetched * DAY });
        }),
      );
    const digest = async () => sha256Hex(encodeFeatures(computeFeatures(await load(START + 300 * DAY))));
    await upsertCandles(store, wave(300, 300));
    const then = await digest();
    for (const fetched of [310, 320, 330]) await upsertCandles(store, wave(fetched, fetched));
    expect(await digest()).toBe(then);
    expect(sha256Hex(encodeFeatures(computeFeatures(await load(FAR))))).not.toBe(then);
  });
});

/** Some of 12 days, as each of five fetches served them. */
const fetchesArbitrary = fc.array(
  fc.uniqueArray(fc.record({ day: fc.integer({ min: 0, max: 11 }), close: fc.integer({ min: 9, max: 12 }) }), {
    selector: ({ day }) => day,
    minLength: 1,
  }),
  { minLength: 1, maxLength: 5 },
);
/** As {@link fetchesArbitrary}, where no fetch goes back to the values of an earlier one. */
const forwardFetches = fetchesArbitrary.map((fetches) =>
  fetches.map((rows, i) =>
    series(
      [...rows]
        .sort((a, b) => a.day - b.day)
        .map(({ day, close }) => candle(day, { close: 100 + 2 * i + (close > 10 ? 1 : 0), fetchedAt: START + (20 + i) * DAY })),
    ),
  ),
);

test("in any order of arrival, each candle is there once, from its newest fetch, and as known at each time", async () => {
  await fc.assert(
    fc.asyncProperty(forwardFetches, fc.array(fc.nat(), { minLength: 5, maxLength: 5 }), async (fetches, ranks) => {
      const seen = async (order: readonly CandleSeries[]) => {
        store = createMemoryStore();
        for (const part of order) await upsertCandles(store, part);
        const times = [19, 20, 21, 22, 23, 24, 1_000].map((day) => START + day * DAY);
        return Promise.all(times.map((knownAt) => load(FAR, knownAt)));
      };
      const shuffled = fetches.map((part, i) => ({ part, rank: ranks[i] })).sort((a, b) => a.rank - b.rank);
      const inOrder = await seen(fetches);
      expect(await seen(shuffled.map(({ part }) => part))).toEqual(inOrder);
      const newest = new Map(fetches.flatMap((part) => rowsOf(part)).map((row) => [row.openTime, row]));
      expect(rowsOf(inOrder[6])).toEqual([...newest.values()].sort((a, b) => a.openTime - b.openTime));
    }),
    { numRuns: 40 },
  );
});

test("what was known at a time does not change by what is fetched after it", async () => {
  await fc.assert(
    fc.asyncProperty(fetchesArbitrary, async (fetches) => {
      store = createMemoryStore();
      const then: CandleSeries[] = [];
      const part = (i: number) =>
        series(
          [...fetches[i]].sort((a, b) => a.day - b.day).map(({ day, close }) => candle(day, { close, fetchedAt: START + (20 + i) * DAY })),
        );
      for (let i = 0; i < fetches.length; i++) {
        await upsertCandles(store, part(i));
        then.push(await load(START + (20 + i) * DAY));
      }
      for (let i = 0; i < fetches.length; i++) {
        const known = new Set(then[i].openTime);
        const now = rowsOf(await load(START + (20 + i) * DAY)).filter(({ openTime }) => known.has(openTime));
        expect(now).toEqual(rowsOf(then[i]));
      }
    }),
    { numRuns: 40 },
  );
});

describe("a writer that dies between the revisions and the candles", () => {
  const dying = (key: string): ObjectStore => ({
    ...store,
    put: (name, bytes, condition) => (name === key ? Promise.reject(new Error("killed")) : store.put(name, bytes, condition)),
  });

  test("loses and doubles nothing, and the next one continues", async () => {
    await upsertCandles(store, fetch(3, 5));
    await expect(upsertCandles(dying(FILE), fetch(3, 9))).rejects.toThrow("killed");
    expect(await store.get(REVISIONS)).not.toBeNull();
    expect(await load(FAR)).toEqual(fetch(3, 5));
    expect(await load(FAR, START + 5 * DAY)).toEqual(fetch(3, 5));
    expect(await upsertCandles(store, fetch(3, 9))).toMatchObject({ added: 0, revised: 3 });
    expect(await load(FAR)).toEqual(fetch(3, 9));
    expect(await load(FAR, START + 8 * DAY)).toEqual(fetch(3, 5));
  });

  test("never leaves the newer candle without the older one", async () => {
    await upsertCandles(store, fetch(3, 5));
    await expect(upsertCandles(dying(REVISIONS), fetch(3, 9))).rejects.toThrow("killed");
    expect(await load(FAR)).toEqual(fetch(3, 5));
  });
});

test("a backfill and the daily run on the same coin at once lose no candle and no revision", async () => {
  const slow: ObjectStore = {
    ...store,
    put: async (key, bytes, condition) => {
      await new Promise((done) => setTimeout(done, Math.random() * 3));
      return store.put(key, bytes, condition);
    },
  };
  const window = (from: number, to: number, fetched: number) =>
    series(
      Array.from({ length: to - from }, (_, i) => candle(from + i, { close: 10 + fetched / 1_000, fetchedAt: START + fetched * DAY })),
    );
  await upsertCandles(store, window(0, 100, 150));
  const backfill = async () => {
    for (let from = 0; from < 200; from += 20) await upsertCandles(slow, window(from, from + 20, 300));
  };
  const daily = async () => {
    for (let day = 180; day < 205; day++) await upsertCandles(slow, window(day - 3, day + 1, 301 + day));
  };
  await Promise.all([backfill(), daily(), backfill()]);
  const now = await load(FAR);
  expect([...now.openTime]).toEqual(Array.from({ length: 205 }, (_, day) => START + day * DAY));
  expect(now.close[204]).toBe(10 + 505 / 1_000);
  expect(now.close[50]).toBe(10.3);
  expect([...(await load(FAR, START + 150 * DAY)).close.slice(0, 100)]).toEqual(new Array(100).fill(10.15));
});
