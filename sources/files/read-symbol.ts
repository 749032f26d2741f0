import { basename } from "node:path";

const DOLLARS = ["USDT", "USDC", "FDUSD", "BUSD", "TUSD", "USD"];
/** Endings that are of one market only: BNBUSD might be BNB in USD or BN in BUSD. */
const GLUED = /^([A-Z0-9]{2,15}?)(USDT|USDC|FDUSD|(?<![BT])USD)$/;
/** Kraken's own names. */
const OTHER_NAMES: Readonly<Record<string, string>> = { XBT: "BTC", XDG: "DOGE" };

/**
 * The coin of a market: `BTC/USDT`, `BTC-USD`, `BTCUSDT`, `BTC`.
 *
 * @returns an error's reason where prices are not in dollars, or it is no market
 */
export function readSymbol(text: string): string | { readonly reason: string } {
  const market = text.trim().toUpperCase();
  const [coin, quote, more] = market.split(/[/:_-]/);
  if (more === undefined && quote !== undefined && !DOLLARS.includes(quote)) {
    return { reason: `${JSON.stringify(text)} has its prices in ${quote}, not in dollars` };
  }
  const own = Object.keys(OTHER_NAMES).find((name) => coin === `${name}USD`);
  const glued = quote === undefined ? (own ?? GLUED.exec(coin)?.[1]) : undefined;
  if (quote === undefined && glued === undefined && /.{2}[BT]USD$/.test(coin))
    return { reason: `${JSON.stringify(text)} can be read as two markets` };
  const name = glued ?? coin;
  if (more !== undefined || !/^[A-Z0-9]{1,15}$/.test(name)) return { reason: `${JSON.stringify(text)} names no coin` };
  return OTHER_NAMES[name] ?? name;
}

/** The coin that a file's name begins with, where that names a market in dollars: `BTCUSDT-1d-2020.csv`, `XBTUSD_1440.csv`. */
export function symbolFromName(path: string): string | null {
  const [first] = basename(path).toUpperCase().split(/[-_.]/);
  if (!/.{2}(USDT|USDC|USD)$/.test(first)) return null;
  const found = readSymbol(first);
  return typeof found === "string" ? found : null;
}
