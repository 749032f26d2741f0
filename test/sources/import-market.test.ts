import { createReadStream, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { InvalidCandleError } from "../../core/vocabulary/errors.ts";
import { csvRows } from "../../sources/files/csv-rows.ts";
import { loadSeries } from "../../storage/candle-files/candle-store.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { rowsOf } from "../candles/rows.ts";
import { marketAvailable, marketFolder } from "../market-server.ts";
import { importInto } from "./import.ts";

const data = join(marketFolder, "data");
const FAR = Date.parse("2100-01-01");
let store: ObjectStore;
beforeEach(() => {
  store = createMemoryStore();
});
const load = async (symbol: string, interval: "1d" | "1h" | "1m" = "1d") =>
  rowsOf((await loadSeries(store, symbol, interval, { asOf: FAR })).series);
const stored = async () => {
  const found: string[] = [];
  for await (const { key, lastModified } of store.list("")) found.push(`${key} ${lastModified}`);
  return found;
};

describe.skipIf(!marketAvailable)("real files of candles", () => {
  test("of CoinMarketCap: close times, market caps, turnover in dollars, and dates that begin with the day", async () => {
    const btc = await importInto(store, join(data, "daily-cmc/coin_Bitcoin.csv"));
    expect(btc).toMatchObject({
      error: null,
      symbols: ["BTC"],
      interval: "1d",
      counts: { received: 2804, added: 2804, rejected: {}, dropped: {} },
    });
    const [first, ...rest] = await load("BTC");
    expect(first).toMatchObject({
      openTime: Date.parse("2013-04-29"),
      open: 134.4440002,
      close: 144.5399933,
      volume: 0,
      marketCap: 1603768865,
    });
    expect(rest.at(-1)).toMatchObject({
      openTime: Date.parse("2020-12-31"),
      quoteVolume: 46754964848,
      volume: 46754964848 / 29001.71982,
      marketCap: 5.39051e11,
    });
    const usdc = await importInto(store, join(data, "daily-cmc/coin_USDCoin.csv"));
    expect(usdc.counts.added).toBe(815);
    expect((await load("USDC"))[0]).toMatchObject({ openTime: Date.parse("2018-10-09"), marketCap: null });
    expect((await importInto(store, join(data, "daily-cmc/coin_Tether.csv"))).symbols).toEqual(["USDT"]);
  });

  test("of CryptoCompare, parted by bars: zero rows before a listing are dropped, 67 coins", async () => {
    const result = await importInto(store, join(data, "cryptocompare-31d/2025-07-29.csv"), { asOf: "2025-07-29" });
    expect(result).toMatchObject({ error: null, interval: "1d", counts: { received: 2077, rejected: {} } });
    expect(Object.keys(result.counts.dropped).sort()).toEqual(["before-listing", "not-closed"]);
    expect(result.counts.dropped["not-closed"]).toBe(67);
    const bnb = await load("BNB");
    expect(bnb).toHaveLength(30);
    expect(bnb[1]).toMatchObject({
      openTime: Date.parse("2025-06-30"),
      open: 655.12,
      close: 657.06,
      volume: 9892.76,
      quoteVolume: 6500118.75,
    });
  });

  test("of Binance by the hour, newest first: ms and s, 04-AM, NULL, and duplicates", async () => {
    const ada = await importInto(store, join(data, "hourly-binance/Binance_ADAUSDT_1h.csv"));
    expect(ada).toMatchObject({ error: null, symbols: ["ADA"], interval: "1h" });
    const rows = await load("ADA", "1h");
    expect(rows.length + Object.values(ada.counts.dropped).reduce((a, b) => a + b, 0)).toBe(ada.counts.received);
    expect(rows[0].openTime % 3_600_000).toBe(0);
    const daily = await importInto(store, join(data, "hourly-binance/Binance_BTCUSDT_d.csv"));
    expect(daily).toMatchObject({ error: null, symbols: ["BTC"], interval: "1d" });
    expect((await load("BTC"))[0]).toMatchObject({ openTime: Date.parse("2017-08-17"), close: 4285.08, volume: 647.86 });
  });

  test("told twice, write nothing the second time", async () => {
    const files = ["cryptocompare-btc/BTC_1D.csv", "hourly-binance/Binance_ADAUSDT_1h.csv", "cryptocompare-31d/2025-07-29.csv"];
    for (const file of files) await importInto(store, join(data, file));
    const before = await stored();
    for (const file of files) {
      const again = await importInto(store, join(data, file));
      expect(again.counts).toMatchObject({ added: 0, revised: 0 });
    }
    expect(await stored()).toEqual(before);
  });

  test.each(readdirSync(join(marketFolder, "malformed")))(
    "%s is refused with file, line and value, and nothing of it is stored",
    async (name) => {
      const asked = importInto(store, join(marketFolder, "malformed", name));
      await expect(asked).rejects.toThrow(InvalidCandleError);
      await expect(asked).rejects.toThrow(new RegExp(`${name}, line [23]: \\w+ "[\\d.]+" is no plain number: separators of thousands`));
      expect(await stored()).toEqual([]);
    },
  );
});

const revisions = join(data, "cryptocompare-btc/daily-revisions");
const snapshots = join(data, "cryptocompare-btc/minute-snapshots");

describe.skipIf(!marketAvailable)("overlapping refetches", () => {
  /** Per open time, the row of the newest file that served it closed. */
  const expected = async (folder: string, step: number) => {
    const union = new Map<number, readonly number[]>();
    for (const name of readdirSync(folder).sort()) {
      const fetched = Date.parse((/\d{8}T\d{4}Z/.exec(name)?.[0] ?? "").replace(/(....)(..)(..)T(..)(..)Z/, "$1-$2-$3T$4:$5Z"));
      for await (const { cells, line } of csvRows({ path: name, names: [name], open: async () => createReadStream(join(folder, name)) })) {
        if (line === 1) continue;
        const time = String(cells[1]);
        const openTime = Date.parse(time.length > 10 ? `${time}Z` : time);
        if (openTime + step <= fetched) union.set(openTime, cells.slice(2).map(Number));
      }
    }
    return [...union].sort(([a], [b]) => a - b);
  };
  const found = async (interval: "1d" | "1m") =>
    (await load("BTC", interval)).map(({ openTime, open, high, low, close, volume }) => [openTime, [open, high, low, close, volume]]);

  test("of a month's days end in the exact union, the newest fetch wins, in any order of arrival", async () => {
    const files = readdirSync(revisions);
    const union = await expected(revisions, 86_400_000);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(files, { minLength: files.length }), async (order) => {
        store = createMemoryStore();
        for (const name of order) await importInto(store, join(revisions, name));
        expect(await found("1d")).toEqual(union);
      }),
      { numRuns: 12 },
    );
  });

  test("of minutes end in the exact union, each minute once, in any order of arrival", async () => {
    const files = readdirSync(snapshots).sort();
    const union = await expected(snapshots, 60_000);
    expect(union.length).toBeGreaterThan(10_000);
    const order = [3, 9, 0, 7, 1, 8, 2, 6, 5, 4];
    for (const at of order) await importInto(store, join(snapshots, files[at]));
    expect(await found("1m")).toEqual(union);
  }, 60_000);
});
