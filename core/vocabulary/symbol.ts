/** A coin's symbol: 1 to 15 capital letters and digits. Every check of a symbol uses this pattern. */
export const SYMBOL_PATTERN: RegExp = /^[A-Z0-9]{1,15}$/;

export function isSymbol(text: string): boolean {
  return SYMBOL_PATTERN.test(text);
}

/** Coins that exist only here; their candles are made by a known law. HET is shown; the others, each with a path of its own, are for tests of size. */
const SIMULATED_PATTERN = /^HET([2-9]|[1-9]\d{1,4})?$/;
/** Their names, in words. */
export const SIMULATED_SYMBOLS = "HET, and HET2 to HET99999";

export function isSimulated(symbol: string): boolean {
  return SIMULATED_PATTERN.test(symbol);
}
