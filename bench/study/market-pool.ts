import { assemblePool, type Pool } from "../../core/evaluation/pool.ts";
import { computeFeatures } from "../../core/features/compute-features.ts";
import { readMarketCandles } from "../market-candles.ts";

/** The coins of the market data that are not pegged. */
export const COINS = ["BTC", "ETH", "ADA", "BNB", "XRP", "LTC", "DOGE", "LINK", "XLM", "TRX", "EOS", "DOT", "UNI"];

/** Daily features of the market data's coins, as the pipeline would compute them on 2020-12-31. */
export async function readMarketPool(coins: readonly string[] = COINS): Promise<Pool> {
  return assemblePool((await readMarketCandles(coins)).map(computeFeatures), { horizon: 1 });
}
