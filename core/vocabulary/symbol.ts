/** A coin's symbol: 1 to 15 capital letters and digits. Every check of a symbol uses this pattern. */
export const SYMBOL_PATTERN: RegExp = /^[A-Z0-9]{1,15}$/;

export function isSymbol(text: string): boolean {
  return SYMBOL_PATTERN.test(text);
}

/** Coins that exist only here; their candles are made by a known law. */
export const SIMULATED_SYMBOLS: readonly string[] = ["HET"];

export function isSimulated(symbol: string): boolean {
  return SIMULATED_SYMBOLS.includes(symbol);
}
