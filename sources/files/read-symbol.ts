import { basename } from "node:path";

const DOLLARS = ["USDT", "USDC", "FDUSD", "BUSD", "TUSD", "USD"];
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
  const glued = quote === undefined ? DOLLARS.find((end) => coin.endsWith(end) && coin.length > end.length + 1) : undefined;
  const name = glued ? coin.slice(0, -glued.length) : coin;
  if (more !== undefined || !/^[A-Z0-9]{1,15}$/.test(name)) return { reason: `${JSON.stringify(text)} names no coin` };
  return OTHER_NAMES[name] ?? name;
}

/** The coin that a file's name begins with, where that names a market in dollars: `BTCUSDT-1d-2020.csv`, `XBTUSD_1440.csv`. */
export function symbolFromName(path: string): string | null {
  const [first] = basename(path).toUpperCase().split(/[-_.]/);
  if (!DOLLARS.some((end) => first.endsWith(end) && first.length > end.length + 1)) return null;
  const found = readSymbol(first);
  return typeof found === "string" ? found : null;
}
