import { type ListedCoin, rankCoins } from "./rank-coins.ts";
import { MAX_SYMBOLS } from "./selector.ts";
import type { RankedBy } from "./universe.ts";

/** One page of a ranking, largest first. */
export interface RankedPage {
  readonly by: RankedBy;
  /** ISO 8601 */
  readonly rankedAt: string;
  /** At most 500. */
  readonly symbols: readonly string[];
  /** Places of the former coins on this page, from 1. */
  readonly places: Readonly<Record<string, number>>;
  /** Whether there is a next page. */
  readonly more: boolean;
}

/**
 * One page of a source's market overview, as a page of a ranking.
 *
 * @param former coins whose place is wanted, even if they are not among the first 500
 * @param rankedAt ms UTC
 */
export function rankPage(
  { by, coins, more }: { readonly by: RankedBy; readonly coins: readonly ListedCoin[]; readonly more: boolean },
  { former, rankedAt }: { readonly former: readonly string[]; readonly rankedAt: number },
): RankedPage {
  const symbols = rankCoins(coins).map(({ symbol }) => symbol);
  const places = former.flatMap((symbol) => (symbols.includes(symbol) ? [[symbol, symbols.indexOf(symbol) + 1] as const] : []));
  return {
    by,
    rankedAt: new Date(rankedAt).toISOString(),
    symbols: symbols.slice(0, MAX_SYMBOLS),
    places: Object.fromEntries(places),
    more,
  };
}
