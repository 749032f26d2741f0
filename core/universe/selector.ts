/** Most coins that one run may have. */
export const MAX_SYMBOLS = 500;
/** Pages of a ranking that are asked for at most; the largest are 100 coins each. */
export const MAX_RANKING_PAGES = 10;

/** How many of the largest coins a selector like `top:50` asks for (in any case); null where the text is no selector. */
export function topCount(text: string): number | null {
  const match = /^top:(\d{1,4})$/i.exec(text);
  if (!match) return null;
  const count = Number(match[1]);
  return count >= 1 && count <= MAX_SYMBOLS ? count : null;
}

/** A list of symbols and selectors parted: the symbols as they are, and the largest count that is asked for. */
export function splitSelectors(list: readonly string[]): { readonly symbols: string[]; readonly top: number | null } {
  const counts = list.map(topCount).filter((count) => count !== null);
  return { symbols: list.filter((text) => topCount(text) === null), top: counts.length > 0 ? Math.max(...counts) : null };
}
