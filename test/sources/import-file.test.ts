import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
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
import { temporaryFolder } from "../temporary-folder.ts";
import { IMPORT_CLOCK, importDependencies, importInto, stepRun } from "./import.ts";

const FAR = Date.parse("2100-01-01");
let folder: ReturnType<typeof temporaryFolder>;
let store: ObjectStore;
beforeEach(async () => {
  folder = temporaryFolder();
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

  test("in scientific notation is read, in a first row without a header, too", async () => {
    const row = (time: number) => `${time},4.228e-06,4.421e-06,4.219e-06,4.42E-6,19499000000.0,1234`;
    await take(`${row(1577836800)}\n${row(1577923200)}`, { symbol: "PEPE" });
    expect((await load("PEPE"))[0]).toMatchObject({ open: 4.228e-6, close: 4.42e-6, volume: 19499000000 });
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

describe("the unit of volumes", () => {
  const file = (header: string, volume: number, end = "") =>
    [header, ...["2024-01-01", "2024-01-02"].map((day) => `${day},40000,41000,39000,40000,${volume}${end}`)].join("\n");
  const PLAIN = "Date,Open,High,Low,Close,Volume";

  test.each([
    ["CoinMarketCap's columns", file("timestamp,open,high,low,close,volume,timeHigh,timeLow,marketCap", 4e9, ",x,x,8e11")],
    ["CoinMarketCap's columns with a name", file("timestamp,open,high,low,close,volume,name,marketCap", 4e9, ",Bitcoin,8e11")],
    ["Yahoo's adjusted close", file(`${PLAIN},Adj Close`, 4e9, ",40000")],
    ["Yahoo's dividends", file(`${PLAIN},Dividends,Stock Splits`, 4e9, ",0.0,0.0")],
  ])("is dollars by %s", async (_, text) => {
    await take(text, { symbol: "BTC" });
    expect((await load())[0]).toMatchObject({ volume: 100_000, quoteVolume: 4e9 });
    await expect(take(text, { symbol: "BTC", volume: "base" })).rejects.toThrow(/the columns say that its volumes are in dollars/);
  });

  test("is coins where a turnover stands beside it, or nothing says otherwise", async () => {
    await take(file(`${PLAIN},Volume USDT`, 5, ",200000"), { symbol: "BTC" });
    expect((await load())[0]).toMatchObject({ volume: 5, quoteVolume: 200_000 });
    await take(file(PLAIN, 5), { symbol: "ETH" });
    expect((await load("ETH"))[0]).toMatchObject({ volume: 5, quoteVolume: null });
    await expect(take(file("Date,Open,High,Low,Close,Volume_(BTC)", 5), { symbol: "BTC", volume: "quote" })).rejects.toThrow(
      /the columns say that its volumes are in coins/,
    );
  });

  test("is asked for where coins of that number would be more than a coin's turnover can be", async () => {
    const text = file(PLAIN, 4e9);
    await expect(take(text, { symbol: "BTC" })).rejects.toThrow(/turnover of 1\.6e\+14 dollars a day; say by --volume quote/);
    await expect(take(text, { symbol: "BTC", volume: "base" })).rejects.toThrow(/--volume base is asked for, but/);
    await take(text, { symbol: "BTC", volume: "quote" });
    expect((await load())[0]).toMatchObject({ volume: 100_000, quoteVolume: 4e9 });
    const ofCap = file(`${PLAIN},Market Cap`, 3e6, ",4000000000");
    await expect(take(ofCap, { symbol: "XYZ" })).rejects.toThrow(/turnover of 30 market caps a day/);
  });
});

describe("rows that arrive", () => {
  const text = (closes: readonly (number | string)[]) =>
    [HEAD, ...closes.map((close, day) => `BTC,2020-01-${String(day + 1).padStart(2, "0")},10,12,9,${close},5`)].join("\n");

  test("are what success means: a file whose rows were all refused is a failure with the reason", async () => {
    const { error, counts } = await take(text(["null", "-1", 0]));
    expect(error).toMatch(/none of its 3 rows is a candle that can be stored: 1 price-not-finite, 2 price-not-positive/);
    expect(counts).toMatchObject({ received: 3, added: 0 });
    await take(text([11, 12]));
    expect(await take(text([11, 12]))).toMatchObject({ error: null, counts: { added: 0 } });
  });

  test("are told first where many others were refused", async () => {
    expect((await take(text([11, "null", 12]))).warning).toMatch(/1 of 3 rows were refused: 1 price-not-finite/);
    expect((await take(text(Array.from({ length: 30 }, (_, i) => (i === 3 ? "null" : 11))))).warning).toBeNull();
  });

  test("of days that begin at 04:00 are refused by their name", async () => {
    const days = ["2020-01-01 04:00", "2020-01-02 04:00", "2020-01-03 04:00"];
    await expect(take(rows(...days))).rejects.toThrow(/its days begin at 04:00 UTC, not at midnight, as Gemini's do/);
  });
});

describe("a coin that is stored already", () => {
  const minutes = (symbol: string, closes: readonly number[], from = 0) =>
    closes.map((close, i) => `${symbol},${START / 1_000 + (from + i) * 60},${close},${close},${close},${close},5`);

  test("is compared with the whole file before any of it is stored, and other coins of the file go on", async () => {
    await take([HEAD, ...minutes("BTC", [100, 101, 102], 30_000)].join("\n"));
    const closes = Array.from({ length: 30_003 }, (_, i) => 1 + i / 1e6);
    const wrong = minutes("BTC", closes);
    const result = await take([HEAD, ...wrong, ...minutes("ETH", [7, 8])].join("\n"));
    expect(result).toMatchObject({ error: null, counts: { added: 2, rejected: { "other-coin": 30_003 } } });
    expect(result.warning).toMatch(
      /30003 of 30005 rows were refused: 30003 other-coin; BTC: their closes differ by a factor of 98.* is stored/,
    );
    expect(await load("BTC", "1m")).toHaveLength(3);
    const alone = await take([HEAD, ...wrong.slice(-3)].join("\n"));
    expect(alone.error).toMatch(/none of its 3 rows is a candle that can be stored: 3 other-coin; BTC: their closes differ/);
  });
});

describe("what is no CSV", () => {
  test.each([
    ["ARROW1\0\0more", /is an Arrow or Feather file/],
    ['[{"time": 1}]', /is JSON; write it as CSV/],
    ["\ufeff  {}", /is JSON/],
    ["<!DOCTYPE html><html>", /is a web page/],
    ["BZh91AY&SY", /is compressed by bzip2/],
    [Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 1), /is an Excel workbook/],
    [Uint8Array.of(0xff, 0xfe, 0x61, 0), /is UTF-16 text/],
    [Uint8Array.of(0x61, 0, 0x62), /is no text: it holds zero bytes/],
    [Uint8Array.of(0x50, 0x4b, 5, 6, ...new Uint8Array(18)), /is a ZIP archive without a CSV file/],
    [Uint8Array.of(0x50, 0x4b, 3, 4, 1, 2, 3), /is a damaged ZIP archive/],
  ])("%j is refused at once, by the file's name and without its bytes", async (content, reason) => {
    const error = await take(content).catch((thrown: Error) => thrown);
    expect(error).toBeInstanceOf(InvalidCandleError);
    expect((error as Error).message).toMatch(reason);
    expect((error as Error).message).toContain("candles.csv");
    expect((error as Error).message).toMatch(/^[\x20-\x7e]*$/);
  });

  test("a stray quote gives file, line and reason, and is not tried again", async () => {
    const asked = take(rows("2020-01-01", "2020-01-02", "2020-01-03").replace("BTC,2020-01-02", 'B"TC,2020-01-02'));
    await expect(asked).rejects.toThrow(InvalidCandleError);
    await expect(asked).rejects.toThrow(/candles\.csv, line 3: can't be read as CSV: .*[Qq]uote/);
  });
});

describe("an archive, as Binance publishes candles", () => {
  const kline = (time: string) => `${time},10,12,9,11,5,1577923199999999,55,7,1,2,0`;
  const text = `${kline("1577836800000000")}\n${kline("1577923200000000")}\n`;
  async function zip(files: Readonly<Record<string, string>>): Promise<Buffer> {
    const path = join(folder.path, "made.zip");
    const script =
      "import sys, json, zipfile\nwith zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as z:\n  for n, t in json.loads(sys.argv[2]).items(): z.writestr(n, t)";
    await promisify(execFile)("python3", ["-c", script, path, JSON.stringify(files)]);
    return readFile(path);
  }

  test("is read, of the coin that the name inside tells, if it is what its checksum says", async () => {
    const bytes = await zip({ "ETHUSDT-1d-2020-01.csv": text });
    expect(await take(bytes, {}, "published.zip")).toMatchObject({ error: null, symbols: ["ETH"], interval: "1d", counts: { added: 2 } });
    await writeFile(join(folder.path, "checked.zip.CHECKSUM"), `${createHash("sha256").update(bytes).digest("hex")}  checked.zip\n`);
    expect(await take(bytes, {}, "checked.zip")).toMatchObject({ error: null });
    await writeFile(join(folder.path, "other.zip.CHECKSUM"), `${"0".repeat(64)}  other.zip\n`);
    await expect(take(bytes, {}, "other.zip")).rejects.toThrow(
      /other\.zip is damaged: its SHA-256 is .*, but other\.zip\.CHECKSUM says 0000/,
    );
  });

  test("of more or other files than one CSV is refused", async () => {
    await expect(take(await zip({ "a.csv": text, "b.csv": text }), {}, "two.zip")).rejects.toThrow(/archive with 2 CSV files; unpack it/);
    await expect(take(await zip({ "xl/workbook.xml": "<x/>" }), {}, "book.xlsx")).rejects.toThrow(/is an Excel workbook; save it as CSV/);
    const cut = (await zip({ "ETHUSDT-1d.csv": text })).subarray(0, -30);
    await expect(take(cut, {}, "cut.zip")).rejects.toThrow(InvalidCandleError);
  });
});

describe("lines that carry no row", () => {
  test("above the header and below the rows are passed over", async () => {
    const text = `https://www.example.com\n\n${rows("2020-01-01", "2020-01-02")}\n;;\n,,,,,,\n \n`;
    expect(await take(text)).toMatchObject({ error: null, counts: { received: 2, added: 2 } });
    const { error } = await take(`${rows("2020-01-01", "2020-01-02").replaceAll(",", ";")}\n;;;;;;\n`, {}, "b.csv");
    expect(error).toBeNull();
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
    await expect(take(kraken, {}, "data.csv")).rejects.toThrow(/line 1: no column and no name tells the coin: say it by --symbol/);
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

  test.each([
    ["SUSDT", "S"],
    ["TUSDT", "T"],
    ["WUSDT", "W"],
    ["GUSDC", "G"],
    ["1000SATSUSDT", "1000SATS"],
    ["42", "42"],
    ["WBTC", "WBTC"],
  ])("with the market %s, whatever its length, is of %s", async (market, symbol) => {
    expect(await take(rows("2020-01-01").replace("BTC", market), { interval: "1d" })).toMatchObject({ symbols: [symbol] });
  });

  test.each(["BTCEUR", "ADABTC", "SOLETH", "ETHGBP"])(
    "with %s, a market in another currency, is never stored as dollars",
    async (market) => {
      const text = rows("2020-01-01").replace("BTC", market);
      await expect(take(text)).rejects.toThrow(/may be a coin, or a market with its prices in (?:EUR|BTC|ETH|GBP)/);
      await expect(take(text, { symbol: market.slice(0, 3), interval: "1d" })).rejects.toThrow(/has its prices in .*, not in dollars/);
      expect(await load(market.slice(0, 3))).toEqual([]);
    },
  );

  test.each(["BTCEUR_1440.csv", "Kraken_BTC-GBP_d.csv", "XBTEUR.csv", "2020_btceth_1d.csv"])(
    "whose name %s says another currency is refused, whatever symbol is given",
    async (name) => {
      const text = rows("2020-01-01", "2020-01-02").replaceAll(/^(?:symbol|BTC),/gm, "");
      await expect(take(text, { symbol: "BTC" }, name)).rejects.toThrow(/its name says .* prices are in (?:EUR|GBP|ETH)/);
    },
  );

  test("whose columns name another currency is refused", async () => {
    const text = (volumes: string) => `time,open,high,low,close,${volumes}\n2020-01-01,10,12,9,11,5,55\n2020-01-02,10,12,9,11,5,55`;
    await expect(take(text("Volume ETH,Volume BTC"), { symbol: "ETH" })).rejects.toThrow(
      /column "Volume BTC" says that its prices are in BTC/,
    );
    await expect(take(text("volume,Volume EUR"), { symbol: "ETH" })).rejects.toThrow(/prices are in EUR/);
    await take(text("Volume ETH,Volume USD"), { symbol: "ETH" });
    expect((await load("ETH"))[0]).toMatchObject({ volume: 5, quoteVolume: 55 });
  });

  test("of several coins under one symbol is refused: two candles of one time that differ by a factor", async () => {
    const coin = (close: number) => ["2020-01-01", "2020-01-02"].map((day) => `${day},${close},${close},${close},${close},5`);
    const text = ["time,open,high,low,close,volume", ...coin(7000), ...coin(130)].join("\n");
    await expect(take(text, { symbol: "BTC" })).rejects.toThrow(
      /line 4: BTC closes at 130 and at 7000 at the same time: that is not one coin/,
    );
    const same = ["time,open,high,low,close,volume", ...coin(7000), ...coin(7010)].join("\n");
    expect((await take(same, { symbol: "BTC" })).counts).toMatchObject({ added: 2, dropped: { "duplicate-differs": 2 } });
  });

  test.each(["SOLUSD", "BNBUSD", "TUSD", "SUSD"])(
    "with %s, which may be a coin or a market, is refused until --symbol says which",
    async (market) => {
      const text = rows("2020-01-01").replace("BTC", market);
      await expect(take(text)).rejects.toThrow(/symbol ".*" may be a coin or a market in dollars: say it by --symbol/);
      for (const symbol of [market.slice(0, -3), market])
        expect(await take(text, { symbol, interval: "1d" })).toMatchObject({ symbols: [symbol] });
      await expect(take(text, { symbol: "ETH" })).rejects.toThrow(InvalidCandleError);
    },
  );

  test.each([
    ["", /is empty/],
    [HEAD, /holds no row/],
    ["symbol,time,open,high\nBTC,2020-01-01,1,2", /line 1: no column of low, close, volume among symbol, time/],
    [`${HEAD}\nBTC,2020-01-01,10,12`, /line 2: 4 values where the file has 7 columns/],
    [`${HEAD}\nBTC/EUR,2020-01-01,10,12,9,11,5`, /line 2: symbol "BTC\/EUR" has its prices in EUR/],
    [`${HEAD}\n"BTC,2020-01-01,10,12,9,11,5`, /line 2: can't be read as CSV: Quote Not Closed/],
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
