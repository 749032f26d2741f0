import type { SymbolEntry } from "./manifest.ts";

/** What coins were chosen by: the largest `top`, by market cap or quote volume, at a source. */
export interface Ranked {
  readonly top: number;
  readonly by: string;
  readonly source: string;
}

/**
 * Why a coin is stale that is no longer among the largest ones.
 *
 * @param rank from 1; null where it isn't ranked at all
 */
export function leftReason(symbol: string, rank: number | null, { top, by, source }: Ranked): string {
  const place = rank === null ? `${source} ranks it no longer` : `it is number ${rank}`;
  return `${symbol} has left the ${top} largest coins by ${by} at ${source}: ${place}`;
}

/** Whether a coin is stale only because it left the universe: nothing failed, and no run will freshen it. */
export function hasLeft({ symbol, status, staleReason }: Pick<SymbolEntry, "symbol" | "status" | "staleReason">): boolean {
  return status === "stale" && staleReason?.startsWith(`${symbol} has left the `) === true;
}
