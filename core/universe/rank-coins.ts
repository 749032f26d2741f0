import { isSymbol } from "../vocabulary/symbol.ts";

/** A coin in a source's market overview, in the quote currency of the source (a US dollar, or nearly). */
export interface ListedCoin {
  readonly symbol: string;
  /** What coins are ranked by: market cap, or the quote volume of 24 hours. */
  readonly size: number;
  /** NaN where unknown, as are the others. */
  readonly price: number;
  readonly high: number;
  readonly low: number;
}

/** Coins that follow a currency, gold, or another coin by construction: their price holds no information of its own. */
const PEGGED = new Set(
  [
    "USDT USDC BUSD TUSD DAI FDUSD USDP PAX GUSD PYUSD USDD USDE SUSDE USDS SUSDS USD1 USDJ UST USTC SUSD LUSD CUSD FRAX FRXUSD RLUSD XUSD BFUSD USDF USDX USDY USD0 CRVUSD GHO USDB",
    "EUR EURC EURI EURS EURT AEUR GBP GBPT AUD TRY BRL BRL1 BIDR IDRT BVND RUB UAH NGN ZAR JPY ARS COP MXN PLN RON CZK XSGD",
    "PAXG XAUT KAU",
    "WBTC BTCB TBTC CBBTC HBTC RENBTC LBTC SOLVBTC FBTC WETH BETH WBETH STETH WSTETH RETH CBETH METH WEETH EZETH RSETH ETHX WBNB BNSOL MSOL JITOSOL JUPSOL WTRX STRX WAVAX WMATIC SAVAX",
  ].flatMap((line) => line.split(" ")),
);

/** A coin whose whole day passes within this share of one dollar is pegged to it, whatever its name. */
const PEG_TOLERANCE = 0.01;
const PEG_RANGE = 0.005;

/**
 * The coins of a market overview worth learning from, largest first. Left out are:
 *
 * - coins pegged to a currency, to gold or to another coin: those of a fixed list, and any that cost a dollar to
 *   within 1 % and moved by less than 0.5 % in a day;
 * - leveraged tokens: another listed coin's name with UP, DOWN, BULL, BEAR, or 2L to 9S behind it;
 * - names that are not a symbol of 1 to 15 letters and digits, and coins without a known positive size.
 */
export function rankCoins(listed: readonly ListedCoin[]): ListedCoin[] {
  const names = new Set(listed.map(({ symbol }) => symbol));
  const best = new Map<string, ListedCoin>();
  for (const coin of listed) {
    if (!isSymbol(coin.symbol) || !(coin.size > 0) || isPegged(coin) || isLeveraged(coin.symbol, names)) continue;
    const known = best.get(coin.symbol);
    if (!known || known.size < coin.size) best.set(coin.symbol, coin);
  }
  return [...best.values()].sort((a, b) => b.size - a.size || (a.symbol < b.symbol ? -1 : 1));
}

function isPegged({ symbol, price, high, low }: ListedCoin): boolean {
  return PEGGED.has(symbol) || (Math.abs(price - 1) <= PEG_TOLERANCE && high - low < PEG_RANGE);
}

function isLeveraged(symbol: string, names: ReadonlySet<string>): boolean {
  const underlying = /^(.+)(?:UP|DOWN|BULL|BEAR|[2-9][LS])$/.exec(symbol)?.[1];
  return underlying !== undefined && names.has(underlying);
}
