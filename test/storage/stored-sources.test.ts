import { expect, test } from "vitest";
import { upsertCandles } from "../../storage/candle-files/candle-store.ts";
import { keepStoredSources } from "../../storage/candle-files/stored-sources.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import { candle, series } from "../candles/series.ts";

test("a symbol with stored candles is asked of their source alone, where that is one of its sources", async () => {
  const store = createMemoryStore();
  await upsertCandles(store, series([candle(0, { source: "kraken" }), candle(1, { source: "binance" })]));
  await upsertCandles(store, series([candle(0, { source: "file" })], { symbol: "ETH" }));
  const sources = ["binance", "kraken"];
  const kept = await keepStoredSources(
    store,
    ["BTC", "ETH", "ADA"].map((symbol) => ({ symbol, sources })),
    "1d",
  );
  expect(kept).toEqual([
    { symbol: "BTC", sources: ["binance"] },
    { symbol: "ETH", sources },
    { symbol: "ADA", sources },
  ]);
  expect(await keepStoredSources(store, [{ symbol: "BTC", sources: ["cryptocompare"] }], "1d")).toEqual([
    { symbol: "BTC", sources: ["cryptocompare"] },
  ]);
});
