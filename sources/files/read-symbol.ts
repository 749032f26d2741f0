import { basename } from "node:path";
import { isSymbol } from "../../core/vocabulary/symbol.ts";

const DOLLARS = ["USDT", "USDC", "FDUSD", "BUSD", "TUSD", "USD"];
/** Coins whose own names end like a market in dollars. */
const DOLLAR_COINS = new Set(["FDUSD", "PYUSD", "RLUSD", "CRVUSD", "DEUSD"]);
/** Kraken's own names. */
const OTHER_NAMES: Readonly<Record<string, string>> = { XBT: "BTC", XDG: "DOGE" };

const ownName = (coin: string) => OTHER_NAMES[coin] ?? coin;

/**
 * The coin of a market as a column names it: `BTC/USDT`, `BTC-USD`, `BTCUSDT`, `BTC`.
 *
 * @param asked the coin that was asked for, which settles what could be read in two ways
 * @returns an error's reason where prices are not in dollars, or it can't be told
 */
export function readSymbol(text: string, asked: string | null): string | { readonly reason: string } {
  const market = text.trim().toUpperCase();
  const [coin, quote, ...more] = market.split(/[/:_-]/);
  if (more.length > 0 || !isSymbol(coin)) return { reason: `${JSON.stringify(text)} names no coin` };
  if (quote !== undefined)
    return DOLLARS.includes(quote) ? ownName(coin) : { reason: `${JSON.stringify(text)} has its prices in ${quote}, not in dollars` };
  const readings = [coin, ...DOLLARS.filter((end) => coin.endsWith(end)).map((end) => ownName(coin.slice(0, -end.length)))];
  if (asked !== null && readings.includes(asked)) return asked;
  if (DOLLAR_COINS.has(coin) || !/.{2}USD[TC]?$/.test(coin)) return ownName(coin);
  const xbt = Object.keys(OTHER_NAMES).find((name) => coin === `${name}USD`);
  if (xbt) return OTHER_NAMES[xbt];
  if (!coin.endsWith("USD")) return ownName(coin.slice(0, -4));
  return { reason: `${JSON.stringify(text)} may be a coin or a market in dollars: say it by --symbol` };
}

/** BNBUSD might be BNB in USD or BN in BUSD, so these endings are left out. */
const MARKET = /^([A-Z0-9]{2,15}?)(USDT|USDC|FDUSD|(?<![BT])USD)$/;

/** The coin that a file's name begins with, where that names a market in dollars: `BTCUSDT-1d-2020.csv`, `XBTUSD_1440.csv`. */
export function symbolFromName(path: string): string | null {
  const [first] = basename(path).toUpperCase().split(/[-_.]/);
  if (DOLLAR_COINS.has(first)) return null;
  const xbt = Object.keys(OTHER_NAMES).find((name) => first === `${name}USD`);
  const coin = xbt ?? MARKET.exec(first)?.[1];
  return coin === undefined ? null : ownName(coin);
}
