import { rankCoins as rank } from "../../core/universe/rank-coins.ts";
import { InvalidInputError } from "../../core/vocabulary/errors.ts";
import type { Universe } from "../../workflows/contract.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import type { Run } from "../heartbeat.ts";
import { requireSource } from "../ingest/fetch-page.ts";

export interface RankCoinsInput {
  readonly source: string;
  readonly page: number;
  /** Coins whose place is wanted even if it is not among the first. */
  readonly former: readonly string[];
}

/** One page of a ranking, largest first. */
export interface RankedPage {
  readonly by: Universe["by"];
  readonly rankedAt: string;
  /** At most 500. */
  readonly symbols: readonly string[];
  /** Places of the former coins on this page, from 1. */
  readonly places: Readonly<Record<string, number>>;
  readonly more: boolean;
}

/**
 * Asks a source once for its coins and puts those worth learning from in order.
 *
 * @throws {InvalidInputError} if the source ranks no coins
 */
export async function rankCoins({ sources, now }: ActivityDependencies, input: RankCoinsInput, { signal }: Run): Promise<RankedPage> {
  const source = requireSource(sources, input.source);
  if (!source.rankCoins) throw new InvalidInputError(`source ${source.name} ranks no coins`);
  const { by, coins, more } = await source.rankCoins({ page: input.page }, { signal });
  const symbols = rank(coins).map(({ symbol }) => symbol);
  const places = input.former.flatMap((symbol) => (symbols.includes(symbol) ? [[symbol, symbols.indexOf(symbol) + 1] as const] : []));
  return { by, rankedAt: new Date(now()).toISOString(), symbols: symbols.slice(0, 500), places: Object.fromEntries(places), more };
}
