/** A coin's symbol: 1 to 15 capital letters and digits. Every check of a symbol uses this pattern. */
export const SYMBOL_PATTERN: RegExp = /^[A-Z0-9]{1,15}$/;

export function isSymbol(text: string): boolean {
  return SYMBOL_PATTERN.test(text);
}
