const NAMED = 5;

/** Coins as an error names them: only a few, so that the reason isn't cut off. */
export function nameCoins(symbols: readonly string[]): string {
  const more = symbols.length - NAMED;
  return more > 0 ? `${symbols.slice(0, NAMED).join(", ")} and ${more} more` : symbols.join(", ");
}
