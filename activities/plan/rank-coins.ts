import { type RankedPage, rankPage } from "../../core/universe/rank-page.ts";
import { InvalidInputError } from "../../core/vocabulary/errors.ts";
import { requireSource } from "../../sources/source-order.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import type { Run } from "../heartbeat.ts";

export interface RankCoinsInput {
  readonly source: string;
  /** from 0 */
  readonly page: number;
  /** Coins whose place is wanted even if it is not among the first. */
  readonly former: readonly string[];
}

/**
 * Asks a source once for its coins and ranks those worth learning from.
 *
 * @throws {InvalidInputError} if the source ranks no coins
 */
export async function rankCoins({ sources, now }: ActivityDependencies, input: RankCoinsInput, { signal }: Run): Promise<RankedPage> {
  const source = requireSource(sources, input.source);
  if (!source.rankCoins) throw new InvalidInputError(`source ${source.name} ranks no coins`);
  const page = await source.rankCoins({ page: input.page }, { signal });
  return rankPage(page, { former: input.former, rankedAt: now() });
}
