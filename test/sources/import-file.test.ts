import { execFile } from "node:child_process";
import { readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { importFile } from "../../activities/import/import-file.ts";
import { inspectFile } from "../../activities/import/inspect-file.ts";
import { InvalidCandleError, InvalidInputError } from "../../core/vocabulary/errors.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";
import { loadSeries, upsertCandles } from "../../storage/candle-files/candle-store.ts";
import { EXPORT_FORMATS, exportCandles } from "../../storage/candle-files/export-candles.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import type { ImportInput } from "../../workflows/contract.ts";
import { rowsOf } from "../candles/rows.ts";
import { candle, DAY, START, series } from "../candles/series.ts";
import { temporaryFolder } from "../storage/temporary-folder.ts";
import { IMPORT_CLOCK, importDependencies, importInto, stepRun } from "./import.ts";

const FAR = Date.parse("2100-01-01");
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: ObjectStore;
beforeEach(async () => {
  folder = await temporaryFolder();
  store = createMemoryStore();
});
afterEach(() => folder.remove());

const put = async (content: string | Uint8Array, name = "candles.csv") => {
  const path = join(folder.path, name);
  await writeFile(path, content);
  return path;
};
const take = async (content: string | Uint8Array, hints: Omit<ImportInput, "files"> = {}, name?: string) =>
  importInto(store, await put(content, name), hints);
const load = async (symbol = "BTC", interval: Interval = "1d") => rowsOf((await loadSeries(store, symbol, interval, { asOf: FAR })).series);
const HEAD = "symbol,time,open,high,low,close,volume";
const rows = (...times: string[]) => [HEAD, ...times.map((time, i) => `BTC,${time},10,12,9,${11 + i},5`)].join("\n");

describe("the length of the candles", () => {
  test.each([
    ["1d", "2020-01-01", "2020-01-02"],
    ["1h", "2020-01-01 00:00", "2020-01-01 01:00"],
    ["1m", "1577836800", "1577836860"],
  ] as const)("%s is told by the distance of the rows", async (interval, first, second) => {
    expect(await take(rows(first, second))).toMatchObject({ interval, counts: { added: 2 } });
    expect((await load("BTC", interval)).map(({ openTime }) => openTime)[0]).toBe(Date.parse("2020-01-01"));
  });

  test("is asked for where it can't be told, or is none that is stored", async () => {
    await expect(take(rows("2020-01-01"))).rejects.toThrow(/no two rows of a coin tell it; say it by --interval/);
    await expect(take(rows("2020-01-01 00:00", "2020-01-01 00:05"))).rejects.toThrow(/most rows are 5 minutes apart/);
    expect(await take(rows("2020-01-01"), { interval: "1d" })).toMatchObject({ counts: { added: 1 } });
  });
});

describe("a time", () => {
  test.each([
    "2020-01-01T00:00:00Z",
    "2020/01/01",
    "2020-01-01 02:00:00+02:00",
    "20200101",
    "1577836800",
    "1577836800000",
    "1577836800000.0",
    "1577836800000000",
    "2020-01-01 12-AM",
  ])("%s is the first of 2020", async (time) => {
    await take(rows(time), { interval: "1d" });
    expect(await load()).toMatchObject([{ openTime: Date.parse("2020-01-01") }]);
  });

  test("that begins with day or month is told by another one above 12, and else refused", async () => {
    await take(rows("03-04-2020", "04-04-2020", "13-04-2020"), { interval: "1d" });
    expect((await load())[0].openTime).toBe(Date.parse("2020-04-03"));
    store = createMemoryStore();
    await take(rows("03/04/2020", "03/13/2020"), { interval: "1d" });
    expect((await load())[0].openTime).toBe(Date.parse("2020-03-04"));
    await expect(take(rows("03-04-2020", "04-04-2020"))).rejects.toThrow(/line 2: time "03-04-2020": nothing in the file tells/);
    await expect(take(rows("13-04-2020", "04-13-2020"))).rejects.toThrow(/line 3: "04-13-2020" has day and month the other way round/);
    store = createMemoryStore();
    expect(await take(rows("03-04-2020", "04-04-2020"), { dateOrder: "mdy", interval: "1d" })).toMatchObject({ counts: { added: 2 } });
  });

  test.each(["2020-02-30", "31-12-20", "yesterday", "12345", "", "2020-01-01 25:00"])("%j is refused with its line", async (time) => {
    await expect(take(rows("2020-01-01", time))).rejects.toThrow(/candles\.csv, line 3: time /);
  });
});

describe("a number", () => {
  const one = (close: string) => take(`${HEAD}\nBTC,2020-01-01,10,12,9,${close},5`, { interval: "1d" });

  test.each(['"1,234.5"', "1.234.567", '"1.234,5"', "1 234", "$12", "12a", "0x10", "1_000", "Infinity"])(
    "%s is refused, not guessed",
    async (close) => {
      await expect(one(close)).rejects.toThrow(InvalidCandleError);
      await expect(one(close)).rejects.toThrow(/line 2: close ".*" is no plain number/);
      expect(await load()).toEqual([]);
    },
  );

  test.each(["", "NULL", "nan"])("%j is an unknown price, and the row is counted as rejected", async (close) => {
    expect(await one(close)).toMatchObject({
      counts: { added: 0, rejected: { "price-not-finite": 1 } },
      rejectedRows: ["BTC 2020-01-01T00:00: price-not-finite"],
    });
  });

  test.each([
    ["11", 11],
    [" 11.50 ", 11.5],
    ["1.1e1", 11],
    ["1.05E+1", 10.5],
  ])("%s is %d", async (close, value) => {
    await one(close);
    expect((await load())[0].close).toBe(value);
  });

  test("damaged far below is told, and nothing of the file is stored", async () => {
    const good = Array.from({ length: 30_000 }, (_, i) => `BTC,${START / 1000 + i * 60},10,12,9,11,5`);
    await expect(take([HEAD, ...good, "BTC,1.590.969.600,10,12,9,1.234.567,5"].join("\n"))).rejects.toThrow(
      /line 30002: close "1.234.567"/,
    );
    expect(await load("BTC", "1m")).toEqual([]);
  });
});

describe("a file", () => {
  test.each([
    ["semicolons", rows("2020-01-01", "2020-01-02").replaceAll(",", ";")],
    ["tabs and Windows lines", rows("2020-01-01", "2020-01-02").replaceAll(",", "\t").replaceAll("\n", "\r\n")],
    ["a byte-order mark", `\ufeff${rows("2020-01-01", "2020-01-02")}\n\n`],
    ["quotes", rows("2020-01-01", "2020-01-02").replaceAll("BTC", '"BTC"')],
    ["gzip", gzipSync(rows("2020-01-01", "2020-01-02"))],
  ])("with %s is read", async (_, content) => {
    expect(await take(content)).toMatchObject({ error: null, symbols: ["BTC"], counts: { added: 2 } });
  });

  test("without a header is Binance's klines by its twelve columns, or Kraken's by its seven, of the coin in its name", async () => {
    const kline = (time: string) => `${time},10,12,9,11,5,1577923199999999,55,7,1,2,0`;
    const text = `${kline("1577836800000000")}\n${kline("1577923200000000")}\n`;
    expect(await take(text, {}, "ETHUSDT-1d-2020-01.csv")).toMatchObject({ symbols: ["ETH"], counts: { added: 2 } });
    expect((await load("ETH"))[0]).toMatchObject({ volume: 5, quoteVolume: 55 });
    const kraken = "1577836800,10,12,9,11,5,3\n1577840400,10,12,9,11,5,3\n";
    expect(await take(kraken, {}, "XBTUSD_60.csv")).toMatchObject({ symbols: ["BTC"], interval: "1h" });
    await expect(take(kraken, {}, "data.csv")).rejects.toThrow(/line 1: no column tells the symbol: give it/);
    expect(await take(kraken, { symbol: "ADA" }, "data.csv")).toMatchObject({ symbols: ["ADA"] });
  });

  test.each(["s", "ms", "us", "ns"])("from pyarrow, with times in %s, dictionaries, floats and decimals, is read", async (unit) => {
    const { getPython } = (await import(new URL("../../scripts/python-venv.mjs", import.meta.url).href)) as {
      getPython(): Promise<string>;
    };
    const path = join(folder.path, "pyarrow.parquet");
    const script = `
import sys, decimal, pyarrow as pa, pyarrow.parquet as pq
D = decimal.Decimal
t = pa.array([1577836800, 1577923200], pa.int64()).cast(pa.timestamp("s")).cast(pa.timestamp(sys.argv[2], tz="UTC"))
pq.write_table(pa.table({"Symbol": pa.array(["BTC", "BTC"]).dictionary_encode(), "Date": t, "Open": pa.array([10.5, 11], pa.float32()),
  "High": pa.array([D("12.50"), D("12.50")]), "Low": [9, 9], "Close": [11.25, None], "Volume": pa.array([5, 6], pa.int32())}), sys.argv[1], compression="zstd")`;
    await promisify(execFile)(await getPython(), ["-c", script, path, unit]);
    expect(await importInto(store, path)).toMatchObject({ interval: "1d", counts: { added: 1, rejected: { "price-not-finite": 1 } } });
    expect(await load()).toMatchObject([{ openTime: 1577836800000, open: 10.5, high: 12.5, low: 9, close: 11.25, volume: 5 }]);
  });

  test.each([
    ["BTC/USDT", "BTC"],
    ["btc-usd", "BTC"],
    ["ADAUSDT", "ADA"],
    ["XBTUSD", "BTC"],
    ["FDUSD", "FDUSD"],
    ["XBT/USD", "BTC"],
    ["USDT", "USDT"],
    ["1INCH", "1INCH"],
  ])("with the market %s is of %s", async (market, symbol) => {
    expect(await take(rows("2020-01-01").replace("BTC", market), { interval: "1d" })).toMatchObject({ symbols: [symbol] });
  });

  test.each(["SOLUSD", "BNBUSD"])("with %s, a coin or a market, is refused, until it is said which", async (market) => {
    const text = rows("2020-01-01").replace("BTC", market);
    await expect(take(text)).rejects.toThrow(/symbol ".*" may be a coin or a market in dollars: say it by --symbol/);
    for (const symbol of [market.slice(0, 3), market])
      expect(await take(text, { symbol, interval: "1d" })).toMatchObject({ symbols: [symbol] });
    await expect(take(text, { symbol: "ETH" })).rejects.toThrow(InvalidCandleError);
  });

  test.each([
    ["", /is empty/],
    [HEAD, /holds no row/],
    ["symbol,time,open,high\nBTC,2020-01-01,1,2", /line 1: no column of low, close, volume among symbol, time/],
    [`${HEAD}\nBTC,2020-01-01,10,12`, /line 2: 4 values where the file has 7 columns/],
    [`${HEAD}\nBTC/EUR,2020-01-01,10,12,9,11,5`, /line 2: symbol "BTC\/EUR" has its prices in EUR/],
    [`${HEAD}\n"BTC,2020-01-01,10,12,9,11,5`, /after line 1: can't be read as CSV/],
    [new Uint8Array([0x1f, 0x8b, 1, 2, 3]), /is damaged|can't be read/],
    ["PAR1 and then nothing", /can't be read as Parquet/],
  ])("of %j is refused with the reason", async (content, reason) => {
    const asked = take(content);
    await expect(asked).rejects.toThrow(InvalidCandleError);
    await expect(asked).rejects.toThrow(reason);
  });

  test("that is not there, or another than was inspected, is refused by its name", async () => {
    await expect(importInto(store, join(folder.path, "nothing.csv"))).rejects.toThrow(InvalidInputError);
    await expect(importInto(store, folder.path)).rejects.toThrow(/is not a file/);
    const path = await put(rows("2020-01-01", "2020-01-02"));
    const deps = importDependencies(store);
    const inspected = await inspectFile(deps, { file: path, startedAt: new Date(IMPORT_CLOCK).toISOString() });
    await put(rows("2020-01-01", "2020-01-03"));
    await utimes(path, 1, 1);
    await expect(importFile(deps, inspected, stepRun())).rejects.toThrow(/changed during its import/);
  });

  test("of another coin than the one that was asked for is refused", async () => {
    await expect(take(rows("2020-01-01"), { symbol: "ETH", interval: "1d" })).rejects.toThrow(
      /line 2: symbol is BTC, but ETH was asked for/,
    );
  });

  test("can't hold the close of a candle that closed after it was written, whatever it says", async () => {
    const path = await put(rows("2020-01-01", "2020-01-02", "2020-01-03"));
    await utimes(path, new Date("2020-01-03T12:00:00Z"), new Date("2020-01-03T12:00:00Z"));
    expect((await importInto(store, path)).counts).toMatchObject({ added: 2, dropped: { "not-closed": 1 } });
    const named = await put(rows("2020-01-01", "2020-01-02", "2020-01-03"), "x_20200102T1200Z_y.csv");
    store = createMemoryStore();
    expect((await importInto(store, named)).counts).toMatchObject({ added: 1, dropped: { "not-closed": 1 }, rejected: { future: 1 } });
    expect((await load())[0].fetchedAt).toBe(Date.parse("2020-01-02T12:00Z"));
  });

  test("can't have been fetched later than now, whatever it says, so that later fetches still win", async () => {
    const header = "symbol,interval,open_time,open,high,low,close,volume,quote_volume,market_cap,source,fetched_at";
    const row = (day: string, fetchedAt: string) => `BTC,1d,${day}T00:00:00.000Z,10,12,9,11,5,55,,binance,${fetchedAt}`;
    const path = await put(
      [header, row("2020-01-01", "2020-02-01T00:00:00.000Z"), row("2020-01-02", "2099-01-01T00:00:00.000Z")].join("\n"),
    );
    await importInto(store, path);
    expect((await load()).map(({ fetchedAt }) => fetchedAt)).toEqual([Date.parse("2020-02-01"), IMPORT_CLOCK]);
  });

  test("keeps the rules for zero rows over all its batches", async () => {
    const zero = (time: number) => `BTC,${time / 1000},0,0,0,0,0`;
    const good = (time: number) => `BTC,${time / 1000},10,12,9,11,5`;
    const minutes = Array.from({ length: 45_000 }, (_, i) => START + i * 60_000);
    const lines = minutes.map((time, i) => (i < 25_000 || i === 40_000 ? zero(time) : good(time)));
    const { counts } = await take([HEAD, ...lines].join("\n"));
    expect(counts).toMatchObject({
      received: 45_000,
      added: 19_999,
      dropped: { "before-listing": 25_000 },
      rejected: { "price-not-positive": 1 },
    });
  });
});

test("an import that was cut off goes on where it last reported, and counts every row once", async () => {
  const lines = Array.from({ length: 50_000 }, (_, i) => `BTC,${START / 1000 + i * 60},10,12,9,11,5`);
  const deps = importDependencies(store);
  const inspected = await inspectFile(deps, {
    file: await put([HEAD, ...lines].join("\n")),
    startedAt: new Date(IMPORT_CLOCK).toISOString(),
  });
  let puts = 0;
  const dying: ObjectStore = {
    ...store,
    put: (key, bytes, condition) => (++puts > 20 ? Promise.reject(new Error("killed")) : store.put(key, bytes, condition)),
  };
  const first = stepRun();
  await expect(importFile(importDependencies(dying), inspected, first)).rejects.toThrow("killed");
  expect(first.beats.map(({ done }) => done)).toEqual([20_000]);
  const second = stepRun(first.beats[0]);
  const result = await importFile(deps, inspected, second);
  expect(second.beats.map(({ done }) => done)).toEqual([40_000, 50_000]);
  expect(result.counts).toMatchObject({ received: 50_000 });
  expect(await load("BTC", "1m")).toHaveLength(50_000);
});

describe("an export", () => {
  const written = async (format: (typeof EXPORT_FORMATS)[number], from = 0, to = FAR) => {
    const parts: Uint8Array[] = [];
    const request = { symbols: ["BTC", "ETH", "NONE"], interval: "1d", range: { from, to }, format } as const;
    for await (const part of exportCandles(store, request)) parts.push(part);
    return Buffer.concat(parts);
  };
  const fill = async () => {
    const days = (symbol: string, n: number) =>
      series(
        Array.from({ length: n }, (_, day) =>
          candle(day, {
            close: 9 + 1 / (day + 3),
            quoteVolume: day % 3 ? day / 3 : null,
            marketCap: day % 5 ? null : day * 1e9 + 0.5,
            source: "kraken",
          }),
        ),
        { symbol },
      );
    await upsertCandles(store, days("BTC", 800));
    await upsertCandles(store, days("ETH", 3));
  };

  test.each(["csv", "parquet"] as const)("as %s is imported again to the same files, byte by byte", async (format) => {
    await fill();
    const path = await put(await written(format), `export.${format}`);
    const copy = createMemoryStore();
    expect(await importInto(copy, path)).toMatchObject({ error: null, symbols: ["BTC", "ETH"], counts: { received: 803, added: 803 } });
    for await (const { key } of store.list("")) expect((await copy.get(key))?.etag).toBe((await store.get(key))?.etag);
  });

  test("holds the candles of its range only", async () => {
    await fill();
    const text = String(await written("csv", START + 2 * DAY, START + 4 * DAY));
    expect(text.split("\n").map((line) => line.split(",").slice(0, 3).join(" "))).toEqual([
      "symbol interval open_time",
      "BTC 1d 2020-06-03T00:00:00.000Z",
      "BTC 1d 2020-06-04T00:00:00.000Z",
      "ETH 1d 2020-06-03T00:00:00.000Z",
      "",
    ]);
  });

  test("is read by pyarrow, the same from each format, doubles equal", async () => {
    await fill();
    const { getPython } = (await import(new URL("../../scripts/python-venv.mjs", import.meta.url).href)) as {
      getPython(): Promise<string>;
    };
    const [csv, parquet, arrow] = await Promise.all(EXPORT_FORMATS.map(async (format) => put(await written(format), `export.${format}`)));
    const script = `
import sys, pyarrow as pa, pyarrow.csv, pyarrow.parquet, pyarrow.ipc
p = pa.parquet.read_table(sys.argv[2]); a = pa.ipc.open_file(sys.argv[3]).read_all()
c = pa.csv.read_csv(sys.argv[1]).cast(p.schema)
print(p.equals(a.cast(p.schema)), p.equals(c), p.num_rows, a.schema.field("open_time").type, a["market_cap"].null_count)`;
    const { stdout } = await promisify(execFile)(await getPython(), ["-c", script, csv, parquet, arrow]);
    expect(stdout.trim()).toBe("True True 803 timestamp[ms, tz=UTC] 642");
  });

  test("of nothing is a file without rows", async () => {
    for (const format of EXPORT_FORMATS) expect((await written(format)).byteLength).toBeGreaterThan(50);
    await expect(take(await written("parquet"), {}, "x.parquet")).rejects.toThrow(/holds no row/);
  });
});

test("the file that is read is never changed", async () => {
  const path = await put(rows("2020-01-01", "2020-01-02"));
  await importInto(store, path);
  expect(String(await readFile(path))).toBe(rows("2020-01-01", "2020-01-02"));
});
