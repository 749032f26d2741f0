import { marketAvailable, startMarket } from "../../test/market-server.ts";
import { startSystem } from "../../test/pipeline/system.ts";

/**
 * How long the first fetch of a symbol takes, whose source has gaps of its own: `node bench/study/first-fetch.ts`. A real Temporal
 * server, a file store, and the market server of ../shared/market, which it needs.
 */
const FETCHES = [
  ["BTC", "1d", "cryptocompare"],
  ["BTC", "1h", "binance"],
  ["ADA", "1h", "binance"],
] as const;

if (!marketAvailable) throw new Error("no real candles at ../shared/market");
const market = await startMarket();
const { url } = market;
const system = await startSystem({ BINANCE_URL: url, CRYPTOCOMPARE_URL: url, CRYPTOCOMPARE_API_KEY: "any" });
process.stdout.write("| symbol | source | s | candles | missing | requests | rows received |\n|---|---|---|---|---|---|---|\n");
for (const [symbol, interval, source] of FETCHES) {
  const began = performance.now();
  const { result } = await system.ingest({ symbol, sources: [source], interval, asOf: "2020-12-31T12:00:00Z", parent: null });
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  const { rows, missing, counts } = result;
  process.stdout.write(
    `| ${symbol} ${interval} | ${source} | ${seconds} | ${rows} | ${missing} | ${counts.requests} | ${counts.received} |\n`,
  );
}
await system.stop();
await market.stop();
