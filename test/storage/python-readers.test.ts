import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CandleSeries } from "../../core/candles/candle-series.ts";
import { upsertCandles } from "../../storage/candle-files/candle-store.ts";
import { createFileStore } from "../../storage/object-store/file-store.ts";
import { writeParquet } from "../../storage/parquet/parquet.ts";
import { rowsOf } from "../candles/rows.ts";
import { candle, DAY, START, series } from "../candles/series.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { findPython } from "./find-python.ts";

const script = resolve(import.meta.dirname, "../../scripts/read-candles.py");
const found = await findPython();

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(async () => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const read = async (...more: string[]): Promise<unknown[]> => {
  const { stdout } = await promisify(execFile)(found.python, [script, folder.path, ...more], { maxBuffer: 1 << 28 });
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
};

/** The rows that a reader outside of this project should find. */
const shownRows = (given: CandleSeries) =>
  rowsOf(given).map(({ openTime, quoteVolume, marketCap, fetchedAt, ...values }) => ({
    interval: given.interval,
    symbol: given.symbol,
    ...values,
    open_time: openTime,
    quote_volume: quoteVolume,
    market_cap: marketCap,
    fetched_at: fetchedAt,
  }));

/** Doubles that are easily damaged: the smallest, the largest, ones without a short decimal form. */
const HARD = [5e-324, 1.7976931348623157e308, 0.1 + 0.2, Math.PI * 1e-9, 1 / 3, 123456789.12345679];

const title = "pyarrow, pandas, Polars and DuckDB read every stored candle once, each value equal as a double";
test.skipIf(found.why !== "")(found.why ? `${title} (skipped: no Python with them can be had: ${found.why})` : title, async () => {
  const store = createFileStore(folder.path);
  const daily = series(
    Array.from({ length: 800 }, (_, day) =>
      candle(day, {
        close: HARD[day % HARD.length],
        volume: day % 7 ? day * Math.E : 0,
        marketCap: day % 5 ? null : day * 1e9 + 0.5,
        quoteVolume: day % 3 ? day / 3 : null,
        fetchedAt: START + 900 * DAY + day,
      }),
    ),
  );
  const other = series([candle(0), candle(700)], { symbol: "ETH" });
  // Names that readers take for numbers, booleans or nothing.
  const odd = ["42", "1E5", "TRUE", "NAN", "NULL", "INF", "0X10"].map((symbol) => series([candle(1)], { symbol }));
  const hourly = series(
    Array.from({ length: 100 }, (_, i) => candle(0, { openTime: START + i * 3_600_000 })),
    { interval: "1h" },
  );
  const minutes = series(Array.from({ length: 50 }, (_, i) => candle(0, { openTime: START + DAY - i * 60_000 })).reverse(), {
    interval: "1m",
  });
  const all = [daily, other, ...odd, hourly, minutes];
  const revised = rowsOf(daily).map((row) => ({ ...row, close: 0.99 * row.close, high: 13, fetchedAt: row.fetchedAt - 2_000 * DAY }));
  await upsertCandles(store, series(revised.slice(100, 500)));
  for (const given of all) await upsertCandles(store, given);
  await upsertCandles(store, daily);

  expect(await store.get("data/revisions/interval=1d/coin=BTC/year=2020.parquet")).not.toBeNull();
  const rows = await read();
  const order = (row: unknown) => {
    const { interval, symbol, open_time } = row as { interval: string; symbol: string; open_time: number };
    return `${interval} ${symbol} ${String(open_time).padStart(15, "0")}`;
  };
  const byOrder = (a: unknown, b: unknown) => (order(a) < order(b) ? -1 : 1);
  expect([...rows].sort(byOrder)).toEqual(all.flatMap(shownRows).sort(byOrder));
  expect(await read("--summary")).toEqual([
    {
      rows: 959,
      series: [
        ...["0X10", "1E5", "42"].map((symbol) => ({ interval: "1d", symbol, rows: 1 })),
        { interval: "1d", symbol: "BTC", rows: 800 },
        { interval: "1d", symbol: "ETH", rows: 2 },
        ...["INF", "NAN", "NULL", "TRUE"].map((symbol) => ({ interval: "1d", symbol, rows: 1 })),
        { interval: "1h", symbol: "BTC", rows: 100 },
        { interval: "1m", symbol: "BTC", rows: 50 },
      ],
    },
  ]);
});

test.skipIf(found.why !== "")("a store of coins with digits only is read in the same way", async () => {
  const store = createFileStore(folder.path);
  for (const symbol of ["42", "007"]) await upsertCandles(store, series([candle(0)], { symbol }));
  expect(await read("--summary")).toEqual([{ rows: 2, series: ["007", "42"].map((symbol) => ({ interval: "1d", symbol, rows: 1 })) }]);
});

test.skipIf(found.why !== "")(
  "the reading script refuses a store with a candle twice, with another column type, and without candles",
  async () => {
    await expect(read()).rejects.toThrow(/holds no candle files/);
    const store = createFileStore(folder.path);
    await upsertCandles(store, series([candle(0)]));
    const file = await store.get("data/candles/interval=1d/coin=BTC/year=2020.parquet");
    await store.put("data/candles/interval=1d/coin=BTC/copy.parquet", file?.bytes ?? new Uint8Array(), { ifAbsent: true });
    await expect(read()).rejects.toThrow(/more than once/);
    await store.delete("data/candles/interval=1d/coin=BTC/copy.parquet");
    const foreign = writeParquet([
      { name: "symbol", type: "string", nullable: false, data: ["BTC"] },
      { name: "open_time", type: "double", nullable: false, data: [1] },
    ]);
    await store.put("data/candles/interval=1d/coin=BTC/foreign.parquet", foreign, { ifAbsent: true });
    await expect(read()).rejects.toThrow(/other columns than promised/);
  },
);
