import type { CandleSeries } from "../core/candles/candle-series.ts";
import { cleanCandles } from "../core/candles/clean-candles.ts";
import type { TimeRange } from "../core/vocabulary/time-range.ts";
import { createCryptoCompare } from "../sources/cryptocompare/cryptocompare.ts";
import { marketAvailable, marketFolder, startMarket } from "../test/market-server.ts";

/** All coins of the market data; two are pegged to the dollar, two were listed too late in 2020 to be learned from alone. */
export const MARKET_COINS = ["BTC", "ETH", "ADA", "BNB", "XRP", "LTC", "DOGE", "LINK", "XLM", "TRX", "EOS", "DOT", "UNI", "USDT", "USDC"];
/** The first day of the coin files that carry market caps. */
const FROM = Date.parse("2013-04-29T00:00:00Z");
export const MARKET_AS_OF = "2020-12-31T12:00:00Z";

/** Ends the process with a sentence where the market data is not at hand. */
export function needMarketData(): void {
  if (marketAvailable) return;
  process.stderr.write(
    `This needs the market data, which is not in ${marketFolder}: lay it there, or name its folder in CANDLECAST_MARKET.\n`,
  );
  process.exit(2);
}

/** The daily candles of the market data's coins, cleaned as the pipeline would on 2020-12-31. */
export async function readMarketCandles(coins: readonly string[] = MARKET_COINS): Promise<CandleSeries[]> {
  needMarketData();
  const market = await startMarket();
  const asOf = Date.parse(MARKET_AS_OF);
  try {
    const source = createCryptoCompare({ baseUrl: market.url, apiKey: "any" });
    const series = [];
    for (const symbol of coins) {
      const rows = [];
      let range: TimeRange | null = { from: FROM, to: asOf };
      while (range) {
        const page: Awaited<ReturnType<typeof source.fetchPage>> = await source.fetchPage({ symbol, interval: "1d", range });
        rows.push(...page.rows);
        range = page.next;
      }
      series.push(cleanCandles(rows, { symbol, interval: "1d", asOf, source: source.name, fetchedAt: asOf }).series);
    }
    return series;
  } finally {
    await market.stop();
  }
}
