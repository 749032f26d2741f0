import { expect, test } from "vitest";
import { CorruptObjectError } from "../../core/vocabulary/errors.ts";
import { decodeCandles, encodeCandles } from "../../storage/candle-files/candle-file.ts";
import { readParquet, streamParquet } from "../../storage/parquet/parquet.ts";
import { UNSEALED } from "../../storage/parquet/seal.ts";
import { candle, series } from "../candles/series.ts";

const expected = { key: "data/candles/interval=1d/coin=BTC/year=2020.parquet", symbol: "BTC", interval: "1d" } as const;
const written = encodeCandles(series(Array.from({ length: 20 }, (_, day) => candle(day, { close: 10 + day / 10 }))));

test("every flipped bit of a candle file is found before anything is decoded", async () => {
  for (let at = 0; at < written.length; at++) {
    const damaged = written.slice();
    damaged[at] ^= 1 << (at % 8);
    await expect(decodeCandles(damaged, expected)).rejects.toThrow(CorruptObjectError);
  }
});

test("so is a file that was cut off or lost its seal", async () => {
  await expect(decodeCandles(written.slice(0, -1), expected)).rejects.toThrow(CorruptObjectError);
  const name = Buffer.from(UNSEALED.kvMetadata[0].key);
  const unsealed = Buffer.from(written);
  unsealed.fill("x", unsealed.lastIndexOf(name), unsealed.lastIndexOf(name) + name.length);
  await expect(decodeCandles(new Uint8Array(unsealed), expected)).rejects.toThrow(/is damaged/);
});

test("a file without a seal is read, as those of other writers are", async () => {
  const specs = [{ name: "value", type: "double", nullable: false }] as const;
  const chunks = (async function* () {
    yield [{ ...specs[0], data: [1, 2, 3] }];
  })();
  const parts: Uint8Array[] = [];
  for await (const part of streamParquet(specs, chunks)) parts.push(part);
  const { columns } = await readParquet("x", new Uint8Array(Buffer.concat(parts)), specs);
  expect([...columns.value]).toEqual([1, 2, 3]);
});
