import type { Interval } from "../../core/vocabulary/interval.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import type { Run } from "../heartbeat.ts";
import { type BuiltFeatures, buildFeatures } from "./build-features.ts";
import { type CoinOutcome, inBatch } from "./in-batch.ts";

export interface BuildBatchInput {
  /** Each with the source of its candles. */
  readonly coins: readonly { readonly symbol: string; readonly source: string }[];
  readonly interval: Interval;
  /** ISO 8601 */
  readonly asOf: string;
}

/** A coin's features, and how long they took. */
export interface TimedFeatures extends BuiltFeatures {
  readonly seconds: number;
}

/** While one coin is computed, others are read and written. */
const AT_ONCE = 4;
const MOST_MS = 60_000;

/** Builds each coin's features as {@link buildFeatures} does. */
export function buildBatch(
  deps: ActivityDependencies,
  { coins, interval, asOf }: BuildBatchInput,
  run: Run,
): Promise<CoinOutcome<TimedFeatures>[]> {
  return inBatch(coins, {
    run,
    label: `features of ${coins.length} coins`,
    atOnce: AT_ONCE,
    mostMs: MOST_MS,
    work: async (coin) => {
      const began = performance.now();
      const built = await buildFeatures(deps, { ...coin, interval, asOf });
      return { ...built, seconds: (performance.now() - began) / 1_000 };
    },
  });
}
