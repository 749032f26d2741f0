import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { parquetMetadata, parquetSchema } from "hyparquet";
import parquetjs from "parquetjs-lite";
import { describe, expect, test } from "vitest";
import { CorruptObjectError, SchemaMismatchError } from "../../core/vocabulary/errors.ts";
import { decodeCandles, encodeCandles } from "../../storage/candle-files/candle-file.ts";
import { type ParquetColumn, ROW_GROUP, readParquet, writeParquet, writeParquetParts } from "../../storage/parquet/parquet.ts";
import { candle, candlesArbitrary, DAY, START, series } from "../candles/series.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const expected = { key: "data/candles/interval=1d/coin=BTC/year=2020.parquet", symbol: "BTC", interval: "1d" } as const;
const columns: readonly ParquetColumn[] = [
  { name: "name", type: "string", nullable: false, data: ["a", "", "ключ 🔑"] },
  { name: "time", type: "timestamp", nullable: false, data: [0, -1, 4_102_444_800_000] },
  { name: "value", type: "double", nullable: true, data: [1.5, Number.NaN, 5e-324] },
  { name: "fold", type: "int32", nullable: false, data: [0, -7, 2_147_483_647] },
];

describe("a Parquet file", () => {
  test("gives back strings, times, doubles and whole numbers, and NaN for null", async () => {
    const { rows, columns: found } = await readParquet("x", writeParquet(columns), columns);
    expect(rows).toBe(3);
    for (const { name, data } of columns) expect([...found[name]]).toEqual(Array.from<unknown>(data));
  });

  test("holds every double exactly", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double({ noNaN: true }), { maxLength: 60 }), async (data) => {
        const column: ParquetColumn = { name: "value", type: "double", nullable: true, data };
        const { columns: found } = await readParquet("x", writeParquet([column]), [column]);
        expect([...found.value].every((value, i) => Object.is(value, data[i]))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test("has the same bytes for the same columns", () => {
    expect(Buffer.from(writeParquet(columns)).equals(Buffer.from(writeParquet(columns)))).toBe(true);
  });

  test("may have no rows", async () => {
    const empty = columns.map((column) => ({ ...column, data: [] }));
    expect((await readParquet("x", writeParquet(empty), empty)).rows).toBe(0);
  });

  test("may have more rows than one row group", async () => {
    const column: ParquetColumn = {
      name: "value",
      type: "double",
      nullable: true,
      data: Float64Array.from({ length: 250_001 }, (_, i) => (i % 1_000 ? i : Number.NaN)),
    };
    const { columns: found } = await readParquet("x", writeParquet([column]), [column]);
    expect(found.value).toEqual(column.data);
  });

  test("written in parts has the bytes of one written at once, and lets other work go on in between", async () => {
    const n = 2 * ROW_GROUP + 1;
    const whole: ParquetColumn[] = [
      { name: "value", type: "double", nullable: true, data: Float64Array.from({ length: n }, (_, i) => (i % 9 ? i / 3 : Number.NaN)) },
      { name: "name", type: "string", nullable: false, data: Array.from({ length: n }, (_, i) => `n${i % 50}`) },
    ];
    const parts = [0, ROW_GROUP, 2 * ROW_GROUP].map((from) =>
      whole.map((column) => ({ ...column, data: (column.data as string[]).slice(from, from + ROW_GROUP) })),
    );
    let turns = 0;
    const others = setInterval(() => turns++, 0);
    const bytes = await writeParquetParts(whole, parts);
    clearInterval(others);
    expect(Buffer.compare(bytes, writeParquet(whole))).toBe(0);
    expect(turns).toBeGreaterThan(0);
  });

  test("is read from a view into a larger buffer", async () => {
    const bytes = writeParquet(columns);
    const padded = new Uint8Array(bytes.byteLength + 20);
    padded.set(bytes, 10);
    expect((await readParquet("x", padded.subarray(10, 10 + bytes.byteLength), columns)).rows).toBe(3);
  });

  test("declares times as INT64 milliseconds in UTC", () => {
    const bytes = writeParquet(columns);
    const schema = parquetSchema(parquetMetadata(bytes.slice().buffer));
    const time = schema.children.find(({ element }) => element.name === "time")?.element;
    expect(time).toMatchObject({
      type: "INT64",
      repetition_type: "REQUIRED",
      logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MILLIS" },
    });
    expect(schema.children.find(({ element }) => element.name === "value")?.element.repetition_type).toBe("OPTIONAL");
  });

  test("that lacks a column, or has it of another type, is of another schema", async () => {
    const bytes = writeParquet(columns);
    await expect(readParquet("the file", bytes, [...columns, { name: "more", type: "double", nullable: true }])).rejects.toThrow(
      SchemaMismatchError,
    );
    await expect(readParquet("the file", bytes, [{ name: "name", type: "double", nullable: true }])).rejects.toThrow(
      /the file: column name is BYTE_ARRAY, not DOUBLE/,
    );
  });

  test("that is cut off, or is not a Parquet file at all, is corrupt", async () => {
    const bytes = writeParquet(columns);
    for (const damaged of [
      new Uint8Array(),
      new TextEncoder().encode("no parquet"),
      bytes.subarray(0, bytes.length - 5),
      bytes.subarray(20),
    ]) {
      await expect(readParquet("the file", damaged, columns)).rejects.toThrow(CorruptObjectError);
    }
  });

  test("that is cut off anywhere is refused with a typed error", async () => {
    const bytes = encodeCandles(series(Array.from({ length: 30 }, (_, day) => candle(day))));
    for (let length = 0; length < bytes.length; length += 13) {
      await expect(decodeCandles(bytes.subarray(0, length), expected)).rejects.toThrow(CorruptObjectError);
    }
  });
});

describe("a candle file", () => {
  test("gives back every candle", async () => {
    await fc.assert(
      fc.asyncProperty(candlesArbitrary, async (candles) => {
        expect(await decodeCandles(encodeCandles(series(candles)), expected)).toEqual(series(candles));
      }),
      { numRuns: 40 },
    );
  });

  test("of another symbol is refused", async () => {
    const bytes = encodeCandles(series([candle(0)], { symbol: "ETH" }));
    await expect(decodeCandles(bytes, expected)).rejects.toThrow(`${expected.key} holds a candle of ETH`);
  });

  test("whose open times are not ordered and unique is refused", async () => {
    for (const days of [
      [1, 0],
      [1, 1],
    ]) {
      await expect(decodeCandles(encodeCandles(series(days.map((day) => candle(day)))), expected)).rejects.toThrow(CorruptObjectError);
    }
  });

  test.each(["UNCOMPRESSED", "GZIP", "SNAPPY"])("written by parquetjs-lite with %s is read like our own", async (compression) => {
    const folder = temporaryFolder();
    try {
      const path = join(folder.path, "x.parquet");
      const number = { type: "DOUBLE", compression };
      const time = { type: "TIMESTAMP_MILLIS", compression };
      const text = { type: "UTF8", compression };
      const writer = await parquetjs.ParquetWriter.openFile(
        new parquetjs.ParquetSchema({
          symbol: text,
          open_time: time,
          open: number,
          high: number,
          low: number,
          close: number,
          volume: number,
          quote_volume: { ...number, optional: true },
          market_cap: { ...number, optional: true },
          source: text,
          fetched_at: time,
        }),
        path,
      );
      const candles = Array.from({ length: 300 }, (_, day) =>
        candle(day, { close: 10 + Math.sin(day), marketCap: day % 3 ? day * 1e9 : null, fetchedAt: START + 400 * DAY }),
      );
      for (const { openTime, open, high, low, close, volume, quoteVolume, marketCap, source, fetchedAt } of candles) {
        await writer.appendRow({
          symbol: "BTC",
          open_time: new Date(openTime),
          open,
          high,
          low,
          close,
          volume,
          ...(quoteVolume === null ? {} : { quote_volume: quoteVolume }),
          ...(marketCap === null ? {} : { market_cap: marketCap }),
          source,
          fetched_at: new Date(fetchedAt),
        });
      }
      await writer.close();
      expect(await decodeCandles(new Uint8Array(await readFile(path)), expected)).toEqual(series(candles));
    } finally {
      await folder.remove();
    }
  });
});
