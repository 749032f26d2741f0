import { ApplicationFailure, isCancellation } from "@temporalio/workflow";
import type { RankedPage } from "../core/universe/rank-page.ts";
import { needsPage, resolveUniverse, type UniverseRequest } from "../core/universe/resolve-universe.ts";
import { splitSelectors } from "../core/universe/selector.ts";
import type { Universe } from "../core/universe/universe.ts";
import { rootFailure } from "./failures.ts";
import { rankingSteps, storeSteps } from "./steps.ts";

export interface SettledSymbols {
  readonly symbols: readonly string[];
  readonly universe: Universe | null;
}

/**
 * A run's symbols: the given ones, or those of the worker's settings, with selectors like `top:50` resolved once.
 *
 * @throws {ApplicationFailure} of type InvalidInput, if there is neither a ranking nor a manifest
 */
export async function settleUniverse(
  { symbols, source }: { readonly symbols?: readonly string[]; readonly source?: string },
  taskQueue: string,
): Promise<SettledSymbols> {
  if (symbols && splitSelectors(symbols).top === null) return { symbols, universe: null };
  const request = await storeSteps().planUniverse.executeWithOptions({ summary: "symbols of this run" }, [
    { ...(symbols ? { symbols } : {}), ...(source ? { source } : {}) },
  ]);
  const askedAt = new Date(Date.now()).toISOString();
  const ranking = await fetchRanking(request, taskQueue);
  const { problem, ...settled } = resolveUniverse(request, { ...ranking, askedAt, replaces: symbols === undefined });
  if (problem !== null) throw ApplicationFailure.nonRetryable(problem, "InvalidInput");
  return settled;
}

async function fetchRanking(request: UniverseRequest, taskQueue: string): Promise<{ pages: RankedPage[]; failure: string | null }> {
  const pages: RankedPage[] = [];
  if (request.top === null) return { pages, failure: null };
  const { former, top } = request;
  const steps = rankingSteps(taskQueue, top.source);
  try {
    while (needsPage(request, pages)) {
      const summary = `the ${top.count} largest coins, from ${top.source}`;
      pages.push(await steps.rankCoins.executeWithOptions({ summary }, [{ source: top.source, page: pages.length, former }]));
    }
    return { pages, failure: null };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { pages, failure: rootFailure(error).message };
  }
}
