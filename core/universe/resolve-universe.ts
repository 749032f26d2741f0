import { isSimulated } from "../vocabulary/symbol.ts";
import type { RankedPage } from "./rank-page.ts";
import { MAX_RANKING_PAGES, MAX_SYMBOLS, splitSelectors } from "./selector.ts";
import type { RankedBy, Universe } from "./universe.ts";

/** What is known of a run's symbols before any source is asked. */
export interface UniverseRequest {
  /** Named ones. */
  readonly symbols: readonly string[];
  /** How many of the largest coins are wanted besides, and who ranks them; null where all symbols are named. */
  readonly top: { readonly count: number; readonly source: string } | null;
  /** Real coins that are fresh in the newest manifest; empty where all symbols are named. */
  readonly former: readonly string[];
}

/** The pages of a ranking as far as they could be had. */
export interface RankingAnswer {
  readonly pages: readonly RankedPage[];
  /** Why no further page could be had; null where none is missing. */
  readonly failure: string | null;
  /** ISO 8601: when the ranking was asked for. */
  readonly askedAt: string;
  /** Whether coins that left are reported: only the ranking of the settings replaces the universe of the daily run. */
  readonly replaces: boolean;
}

export interface ResolvedUniverse {
  readonly symbols: readonly string[];
  /** null where all symbols were named */
  readonly universe: Universe | null;
  /** Why there are no symbols, as a sentence; null where there are. */
  readonly problem: string | null;
}

/**
 * @param entries of the newest manifest
 * @param source who ranks coins
 */
export function requestUniverse(
  selectors: readonly string[],
  entries: Iterable<{ readonly symbol: string; readonly status: string }>,
  source: string,
): UniverseRequest {
  const { symbols, top } = splitSelectors(selectors);
  if (top === null) return { symbols, top: null, former: [] };
  const former = [...entries].filter(({ symbol, status }) => status === "fresh" && !isSimulated(symbol)).map(({ symbol }) => symbol);
  return { symbols, top: { count: top, source }, former };
}

/** Whether a further page of the ranking has to be fetched. */
export function needsPage({ top }: UniverseRequest, pages: readonly RankedPage[]): boolean {
  if (top === null) return false;
  const last = pages.at(-1);
  if (!last) return true;
  const known = joinPages(pages).symbols.length;
  // A ranking that repeats itself has no end.
  const isNew = known > joinPages(pages.slice(0, -1)).symbols.length;
  return last.more && isNew && pages.length < MAX_RANKING_PAGES && known < top.count;
}

/**
 * A run's symbols: the largest coins of the ranking, then the named ones, at most {@link MAX_SYMBOLS}. Where the ranking
 * could not be had, or lists so few coins that it must be damaged, the coins of the newest manifest are used instead, so
 * that a run doesn't depend on it.
 */
export function resolveUniverse(request: UniverseRequest, answer: RankingAnswer): ResolvedUniverse {
  const { top, former } = request;
  if (top === null) return { symbols: request.symbols, universe: null, problem: null };
  const { symbols: ranked, places } = joinPages(answer.pages);
  const problem = answer.failure ?? implausible(request, ranked.length);
  const chosen = (problem === null ? ranked : former).slice(0, top.count);
  if (chosen.length === 0) {
    const reason = problem ?? `${top.source} lists none`;
    return {
      symbols: [],
      universe: null,
      problem: `the ${top.count} largest coins are not known: ${reason}; name symbols, or try again later`,
    };
  }
  const symbols = [...new Set([...chosen, ...request.symbols])].slice(0, MAX_SYMBOLS);
  const chosenAll = new Set(symbols);
  const left = answer.replaces && problem === null ? former.filter((symbol) => !chosenAll.has(symbol)) : [];
  const last = answer.pages.at(-1);
  return {
    symbols,
    universe: {
      top: top.count,
      source: top.source,
      by: last?.by ?? DEFAULT_BY,
      rankedAt: last?.rankedAt ?? answer.askedAt,
      symbols: chosen,
      problem,
      left: left.map((symbol) => ({ symbol, rank: places.get(symbol) ?? null })),
    },
    problem: null,
  };
}

/** What is named where no page says what the coins are ranked by. */
const DEFAULT_BY: RankedBy = "quote volume";

/** A list much shorter than what was known is damage, not a market without coins: nothing may become stale because of it. */
function implausible({ top, former }: UniverseRequest, listed: number): string | null {
  const known = Math.min(top?.count ?? 0, former.length);
  return listed >= known / 2 ? null : `${top?.source} lists only ${listed} coins`;
}

/** A coin that moved from one page to the next while they were read counts once, at its better place. */
function joinPages(pages: readonly RankedPage[]): { symbols: string[]; places: Map<string, number> } {
  const symbols = new Set<string>();
  const places = new Map<string, number>();
  for (const page of pages) {
    const before = symbols.size;
    for (const [symbol, place] of Object.entries(page.places)) if (!places.has(symbol)) places.set(symbol, before + place);
    for (const symbol of page.symbols) symbols.add(symbol);
  }
  return { symbols: [...symbols], places };
}
