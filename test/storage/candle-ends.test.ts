import { expect, test } from "vitest";
import { seriesFromCandles } from "../../core/candles/build-series.ts";
import { CorruptObjectError } from "../../core/vocabulary/errors.ts";
import { decodeEnds, encodeCandles } from "../../storage/candle-files/candle-file.ts";

const DAY = 86_400_000;
const expected = { key: "k", symbol: "BTC", interval: "1d" } as const;
const file = (symbol: string, sources: readonly string[]) =>
  encodeCandles(
    seriesFromCandles(
      symbol,
      "1d",
      sources.map((source, i) => ({
        openTime: i * DAY,
        ...{ open: 1, high: 1, low: 1, close: 1, volume: 1, quoteVolume: null, marketCap: null },
        source,
        fetchedAt: 0,
      })),
    ),
  );

test.each([
  ["one source", ["binance", "binance", "binance"]],
  ["several sources", ["kraken", "binance", "cryptocompare"]],
  ["a source with a long name", ["a-source-with-a-long-name-1", "a-source-with-a-long-name-1"]],
])("the ends of a file with candles of %s are its first and last candle", async (_, sources) => {
  expect(await decodeEnds(file("BTC", sources), expected)).toEqual({
    firstOpenTime: 0,
    firstSource: sources[0],
    lastOpenTime: (sources.length - 1) * DAY,
    lastSource: sources.at(-1),
  });
});

test("the ends of a file of another symbol, or of damaged bytes, are not told", async () => {
  await expect(decodeEnds(file("ETH", ["binance"]), expected)).rejects.toThrow(CorruptObjectError);
  const damaged = file("BTC", ["binance"]);
  damaged[20] ^= 1;
  await expect(decodeEnds(damaged, expected)).rejects.toThrow(CorruptObjectError);
});
