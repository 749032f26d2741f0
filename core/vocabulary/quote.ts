/** The currency that a source's prices are in, by the source's name. */
const QUOTES: Readonly<Record<string, string>> = { binance: "USDT", kraken: "USD", cryptocompare: "USD" };

/** The currency of a source's prices; null where it is unknown, as for imported files, or there is none, as for a simulated coin. */
export function quoteOf(source: string): string | null {
  return QUOTES[source] ?? null;
}
