/** Quote currencies that count as dollars. */
export const DOLLARS: readonly string[] = ["USDT", "USDC", "FDUSD", "BUSD", "TUSD", "USD"];

/** Currencies of states in which coins are traded. */
export const MONEY: readonly string[] = [
  ..."EUR GBP JPY TRY BRL AUD CAD CHF KRW RUB UAH PLN MXN INR CNY ZAR NGN IDR RON CZK ARS COP".split(" "),
];

/** Coins in which other coins are traded. */
const COINS: readonly string[] = ["BTC", "XBT", "ETH", "BNB"];

/** Whether prices may be in this currency, which is no dollar. */
export function isOtherQuote(name: string): boolean {
  return MONEY.includes(name) || COINS.includes(name);
}

/** The currency other than a dollar that a market's name may end with: `BTCEUR`, `ADAETH`; null where there is none. */
export function otherQuoteOf(market: string): string | null {
  return [...MONEY, ...COINS].find((quote) => market.length > quote.length + 1 && market.endsWith(quote)) ?? null;
}
