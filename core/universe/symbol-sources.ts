/** A symbol, and the sources to try for its candles, in order. */
export interface SymbolSources {
  readonly symbol: string;
  readonly sources: readonly string[];
}
