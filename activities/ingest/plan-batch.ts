import type { Interval } from "../../core/vocabulary/interval.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import type { Run } from "../heartbeat.ts";
import { type CoinOutcome, inBatch } from "./in-batch.ts";
import { type IngestPlan, planIngest } from "./plan-ingest.ts";

export interface PlanBatchInput {
  readonly symbols: readonly string[];
  readonly interval: Interval;
  /** ISO 8601 */
  readonly asOf: string;
  readonly source: string;
}

/** Coins whose stored candles are looked at, at the same time. */
const AT_ONCE = 8;
const MOST_MS = 60_000;

/** What {@link planIngest} says of each coin. */
export function planBatch(
  deps: ActivityDependencies,
  { symbols, ...what }: PlanBatchInput,
  run: Run,
): Promise<CoinOutcome<IngestPlan | null>[]> {
  return inBatch(
    symbols.map((symbol) => ({ symbol })),
    {
      run,
      label: `missing candles of ${symbols.length} coins`,
      atOnce: AT_ONCE,
      mostMs: MOST_MS,
      work: ({ symbol }) => planIngest(deps, { ...what, symbol }),
    },
  );
}
