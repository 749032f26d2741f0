import type { Interval } from "../../core/vocabulary/interval.ts";
import type { TimeRange } from "../../core/vocabulary/time-range.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import type { Run } from "../heartbeat.ts";
import { type FetchOutcome, fetchCandles } from "./fetch-candles.ts";
import { type CoinOutcome, inBatch } from "./in-batch.ts";

/** What is asked for of one coin. */
export interface CoinRange {
  readonly symbol: string;
  readonly range: TimeRange;
  /** The range begins among stored candles, so that each of its candles should exist. */
  readonly known: boolean;
}

export interface FetchBatchInput {
  readonly coins: readonly CoinRange[];
  readonly interval: Interval;
  /** ISO 8601 */
  readonly asOf: string;
  readonly source: string;
  /** Coins that are fetched at the same time. */
  readonly atOnce: number;
}

/** The step begins no further coin after so long: they are the next step's, so that progress shows. */
const MOST_MS = 10_000;

/** Fetches each coin as {@link fetchCandles} does. One that is not done by then comes back with what is left of it. */
export function fetchBatch(
  deps: ActivityDependencies,
  { coins, interval, asOf, source, atOnce }: FetchBatchInput,
  run: Run,
): Promise<CoinOutcome<FetchOutcome>[]> {
  return inBatch(coins, {
    run,
    label: `${coins.length} coins from ${source}`,
    atOnce,
    mostMs: MOST_MS,
    work: (coin, coinRun) => fetchCandles(deps, { ...coin, interval, asOf, source }, coinRun),
  });
}
