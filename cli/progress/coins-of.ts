import type { PipelineProgress } from "../../workflows/contract.ts";

/** Coins that are ready or failed, and in all. */
export function coinsOf({ symbols, counts }: Pick<PipelineProgress, "symbols" | "counts">): { over: number; all: number } {
  if (counts) return { over: counts.ready + counts.failed, all: Object.values(counts).reduce((sum, n) => sum + n, 0) };
  const coins = Object.values(symbols);
  return { over: coins.filter(({ stage }) => stage === "ready" || stage === "failed").length, all: coins.length };
}
