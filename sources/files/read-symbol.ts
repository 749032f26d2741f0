import { isSymbol } from "../../core/vocabulary/symbol.ts";
import { NAMES_IN_FILES, symbolOf } from "../coin-names.ts";
import { DOLLARS, isOtherQuote, otherQuoteOf } from "./quotes.ts";

/** Coins whose own names end like a market in dollars, and that nobody takes for one. */
const DOLLAR_COINS = new Set(["FDUSD", "PYUSD", "RLUSD", "CRVUSD", "DEUSD"]);
/** Coins whose own names end like a market in another coin. */
const WRAPPED_COINS = new Set([
  "WBTC",
  "TBTC",
  "CBBTC",
  "SOLVBTC",
  "RENBTC",
  "WETH",
  "STETH",
  "WSTETH",
  "CBETH",
  "RETH",
  "BETH",
  "WBETH",
  "WBNB",
]);
type Reading = string | { readonly reason: string };

/**
 * The coin of a market as a column names it: `BTC/USDT`, `BTC-USD`, `BTCUSDT`, `BTC`.
 *
 * @param asked the coin that was asked for, which settles what could be read in two ways
 * @returns an error's reason where prices are not in dollars, or it can't be told
 */
export function readSymbol(text: string, asked: string | null): Reading {
  const market = text.trim().toUpperCase();
  const [coin, quote, ...more] = market.split(/[/:_-]/);
  if (more.length > 0 || !isSymbol(coin)) return { reason: `${JSON.stringify(text)} names no coin` };
  if (quote !== undefined) return DOLLARS.includes(quote) ? symbolOf(coin) : inOtherMoney(text, quote);
  return readMarket(coin, text, asked);
}

/** Reads a name without a separator, which may be a coin or a market. */
function readMarket(name: string, text: string, asked: string | null): Reading {
  if (asked === name || DOLLAR_COINS.has(name) || WRAPPED_COINS.has(name)) return name;
  const ends = DOLLARS.filter((end) => name.length > end.length && name.endsWith(end));
  const coins = ends.map((end) => symbolOf(name.slice(0, -end.length)));
  if (asked !== null && coins.includes(asked)) return asked;
  // Nothing but a market ends with these: `SUSDT` is the market of S.
  const sure = ends.find((end) => end === "USDT" || end === "USDC");
  if (sure) return symbolOf(name.slice(0, -sure.length));
  const own = NAMES_IN_FILES.find((publisher) => name === `${publisher}USD`);
  if (own) return symbolOf(own);
  if (ends.length > 0) return { reason: `${JSON.stringify(text)} may be a coin or a market in dollars: say it by --symbol` };
  const other = otherQuoteOf(name);
  if (other === null) return symbolOf(name);
  if (asked === symbolOf(name.slice(0, -other.length))) return inOtherMoney(text, other);
  return {
    reason: `${JSON.stringify(text)} may be a coin, or a market with its prices in ${other}, which are not stored: if it is a coin, say it by --symbol ${name}`,
  };
}

function inOtherMoney(text: string, quote: string): { readonly reason: string } {
  return { reason: `${JSON.stringify(text)} has its prices in ${quote}, not in dollars` };
}

/** BNBUSD might be BNB in USD or BN in BUSD, so these endings are left out. */
const MARKET = /^([A-Z0-9]{1,15}?)(USDT|USDC|FDUSD|(?<![BT])USD)$/;

/** The coin that a file's name begins with, where that names a market in dollars: `BTCUSDT-1d-2020.csv`, `XBTUSD_1440.csv`. */
export function symbolFromName(name: string): string | null {
  const [first] = name.toUpperCase().split(/[-_.]/);
  if (DOLLAR_COINS.has(first) || DOLLARS.includes(first)) return null;
  const own = NAMES_IN_FILES.find((publisher) => first === `${publisher}USD`);
  const coin = own ?? MARKET.exec(first)?.[1];
  return coin === undefined ? null : symbolOf(coin);
}

/**
 * The market in a file's name whose prices are not in dollars: `BTCEUR_1440.csv`, `Kraken_ETH-BTC_d.csv`; null where the name tells none.
 *
 * @param asked the coin that was asked for, which may itself end like such a market
 */
export function otherMarketInName(name: string, asked: string): { readonly market: string; readonly quote: string } | null {
  const parts = name.toUpperCase().split(/[-_. ]/);
  for (const [i, part] of parts.entries()) {
    const next = parts[i + 1];
    if (symbolOf(part) === asked && next !== undefined && isOtherQuote(next)) return { market: `${part}${next}`, quote: next };
    const quote = otherQuoteOf(part);
    if (quote !== null && part !== asked && symbolOf(part.slice(0, -quote.length)) === asked) return { market: part, quote };
  }
  return null;
}
