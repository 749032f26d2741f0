/** Most coins that one run may have. */
export const MAX_SYMBOLS = 10_000;
/** Most pages of a ranking that are fetched: the largest pages have 100 coins. */
export const MAX_RANKING_PAGES = MAX_SYMBOLS / 100;

/** How many of the largest coins a selector like `top:50` asks for (in any case); null if the text is not a selector. */
export function topCount(text: string): number | null {
  const match = /^top:(\d{1,5})$/i.exec(text);
  if (!match) return null;
  const count = Number(match[1]);
  return count >= 1 && count <= MAX_SYMBOLS ? count : null;
}

/** Separates a list into its symbols and the largest count that a selector in it asks for. */
export function splitSelectors(list: readonly string[]): { readonly symbols: string[]; readonly top: number | null } {
  const counts = list.map(topCount).filter((count) => count !== null);
  return { symbols: list.filter((text) => topCount(text) === null), top: counts.length > 0 ? Math.max(...counts) : null };
}
