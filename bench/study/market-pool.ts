import { cleanCandles } from "../../core/candles/clean-candles.ts";
import type { TimeRange } from "../../core/candles/plan-ingest.ts";
import { assemblePool, type Pool } from "../../core/evaluation/pool.ts";
import { computeFeatures } from "../../core/features/compute-features.ts";
import type { FeatureMatrix } from "../../core/features/feature-matrix.ts";
import { createCryptoCompare } from "../../sources/cryptocompare.ts";
import { startMarket } from "../../test/market-server.ts";

/** The coins of the market data that are not pegged. */
export const COINS = ["BTC", "ETH", "ADA", "BNB", "XRP", "LTC", "DOGE", "LINK", "XLM", "TRX", "EOS", "DOT", "UNI"];
/** The first day of the coin files that carry market caps. */
const FROM = Date.parse("2013-04-29T00:00:00Z");
const AS_OF = Date.parse("2020-12-31T12:00:00Z");

/** Daily features of the market data's coins, as the pipeline would compute them on 2020-12-31. */
export async function readMarketPool(coins: readonly string[] = COINS): Promise<Pool> {
  const market = await startMarket();
  const matrices: FeatureMatrix[] = [];
  try {
    const source = createCryptoCompare({ baseUrl: market.url, apiKey: "any" });
    for (const symbol of coins) {
      const rows = [];
      let range: TimeRange | null = { from: FROM, to: AS_OF };
      while (range) {
        const page: Awaited<ReturnType<typeof source.fetchPage>> = await source.fetchPage({ symbol, interval: "1d", range });
        rows.push(...page.rows);
        range = page.next;
      }
      const { series } = cleanCandles(rows, { symbol, interval: "1d", asOf: AS_OF, source: source.name, fetchedAt: AS_OF });
      matrices.push(computeFeatures(series));
    }
  } finally {
    await market.stop();
  }
  return assemblePool(matrices, { horizon: 1 });
}
