const NAMED = 5;

/** Coins as an error names them: so few that its reason isn't cut off. */
export function nameCoins(symbols: readonly string[]): string {
  const more = symbols.length - NAMED;
  return more > 0 ? `${symbols.slice(0, NAMED).join(", ")} and ${more} more` : symbols.join(", ");
}
