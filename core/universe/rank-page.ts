import { type ListedCoin, rankCoins } from "./rank-coins.ts";
import { MAX_SYMBOLS } from "./selector.ts";
import type { RankedBy } from "./universe.ts";

/** One page of a ranking, largest first. */
export interface RankedPage {
  readonly by: RankedBy;
  /** ISO 8601 */
  readonly rankedAt: string;
  /** At most {@link MAX_SYMBOLS}. */
  readonly symbols: readonly string[];
  /** Places of the former coins on this page, from 1. */
  readonly places: Readonly<Record<string, number>>;
  /** Whether there is a next page. */
  readonly more: boolean;
}

/**
 * One page of a source's market overview, as a page of a ranking.
 *
 * @param former coins whose place is wanted, even if they are beyond {@link MAX_SYMBOLS}
 * @param rankedAt ms UTC
 */
export function rankPage(
  { by, coins, more }: { readonly by: RankedBy; readonly coins: readonly ListedCoin[]; readonly more: boolean },
  { former, rankedAt }: { readonly former: readonly string[]; readonly rankedAt: number },
): RankedPage {
  const symbols = rankCoins(coins).map(({ symbol }) => symbol);
  const placeOf = new Map(symbols.map((symbol, i) => [symbol, i + 1]));
  const places = former.flatMap((symbol) => {
    const place = placeOf.get(symbol);
    return place === undefined ? [] : [[symbol, place] as const];
  });
  return {
    by,
    rankedAt: new Date(rankedAt).toISOString(),
    symbols: symbols.slice(0, MAX_SYMBOLS),
    places: Object.fromEntries(places),
    more,
  };
}
