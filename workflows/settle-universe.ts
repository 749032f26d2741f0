import { ApplicationFailure, isCancellation } from "@temporalio/workflow";
import type { UniversePlan } from "../activities/plan/plan-universe.ts";
import { MAX_RANKING_PAGES, MAX_SYMBOLS, splitSelectors } from "../core/universe/selector.ts";
import type { Universe } from "./contract.ts";
import { rootFailure } from "./failures.ts";
import { rankingSteps, storeSteps } from "./steps.ts";

export interface SettledSymbols {
  readonly symbols: readonly string[];
  readonly universe: Universe | null;
}

/**
 * A run's symbols: the given ones, or those of the worker's settings, with selectors like `top:50` resolved once. Where
 * the ranking can't be had, the newest manifest's coins stand in, so that a run doesn't hang on it.
 *
 * @throws {ApplicationFailure} of type InvalidInput, if there is neither a ranking nor a manifest
 */
export async function settleUniverse(
  { symbols, source }: { readonly symbols?: readonly string[]; readonly source?: string },
  taskQueue: string,
): Promise<SettledSymbols> {
  if (symbols && splitSelectors(symbols).top === null) return { symbols, universe: null };
  const plan = await storeSteps().planUniverse.executeWithOptions({ summary: "which symbols" }, [
    { ...(symbols ? { symbols } : {}), ...(source ? { source } : {}) },
  ]);
  if (plan.top === null) return { symbols: plan.symbols, universe: null };
  const { count } = plan.top;
  const ranking = believable(await rankAll({ ...plan.top, former: plan.former, taskQueue }), plan);
  const chosen = ranking.problem === null ? ranking.symbols.slice(0, count) : plan.former.slice(0, count);
  if (chosen.length === 0) {
    throw ApplicationFailure.nonRetryable(
      `the ${count} largest coins are not known: ${ranking.problem ?? `${plan.top.source} lists none`}; name symbols, or try again later`,
      "InvalidInput",
    );
  }
  const all = [...new Set([...chosen, ...plan.symbols])].slice(0, MAX_SYMBOLS);
  // A ranking asked for by hand says nothing of the coins that the daily run keeps up.
  const left = symbols === undefined && ranking.problem === null ? plan.former.filter((symbol) => !all.includes(symbol)) : [];
  const { by, rankedAt, places, problem } = ranking;
  return {
    symbols: all,
    universe: {
      top: count,
      source: plan.top.source,
      by,
      rankedAt,
      symbols: chosen,
      problem,
      left: left.map((symbol) => ({ symbol, rank: places[symbol] ?? null })),
    },
  };
}

/** A list much shorter than what was known is damage, not a market without coins: nothing is to become stale for it. */
function believable(ranking: Ranking, { top, former }: UniversePlan): Ranking {
  const known = Math.min(top?.count ?? 0, former.length);
  if (ranking.problem !== null || ranking.symbols.length >= known / 2) return ranking;
  return { ...ranking, problem: `${top?.source} lists ${ranking.symbols.length} coins only` };
}

interface Ranking extends Pick<Universe, "by" | "rankedAt" | "problem"> {
  readonly symbols: readonly string[];
  readonly places: Readonly<Record<string, number>>;
}

async function rankAll(input: { count: number; source: string; former: readonly string[]; taskQueue: string }): Promise<Ranking> {
  const { count, source, former, taskQueue } = input;
  const steps = rankingSteps(taskQueue, source);
  let ranking: Ranking = { by: "quote volume", rankedAt: new Date(Date.now()).toISOString(), problem: null, symbols: [], places: {} };
  try {
    for (let page = 0; page < MAX_RANKING_PAGES; page++) {
      const answer = await steps.rankCoins.executeWithOptions({ summary: `the ${count} largest coins, from ${source}` }, [
        { source, page, former },
      ]);
      const before = ranking.symbols;
      const places = Object.entries(answer.places).map(([symbol, place]) => [symbol, before.length + place] as const);
      ranking = {
        ...ranking,
        by: answer.by,
        rankedAt: answer.rankedAt,
        symbols: [...before, ...answer.symbols.filter((symbol) => !before.includes(symbol))],
        places: { ...Object.fromEntries(places), ...ranking.places },
      };
      if (!answer.more || ranking.symbols.length >= count) break;
    }
    return ranking;
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { ...ranking, problem: rootFailure(error).message };
  }
}
