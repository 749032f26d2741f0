import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { startMarket } from "../../test/market-server.ts";
import type { CoinSet } from "./coin-sets.ts";
import { openPlace } from "./place.ts";
import type { MeasuredRun } from "./run-table.ts";

export interface RunOptions {
  /** for state and store; they are removed afterwards */
  readonly parent: string;
  readonly scope?: "pooled" | "coin";
  /** processes beside the command; absent: the command's own */
  readonly workers?: number;
  readonly s3?: boolean;
  /** Whether a second run with one new candle for each coin follows. */
  readonly next?: boolean;
  /** Most runs whose median counts. */
  readonly most: number;
}

/** Runs that take longer are not repeated. */
const SHORT_S = 60;
const TIMES = 3;

/** A cold run, and on demand the next one; medians by wall time of three, where each takes under a minute. */
export async function measureRuns(coins: CoinSet, options: RunOptions): Promise<MeasuredRun[]> {
  const rounds: MeasuredRun[][] = [];
  const isShort = () => rounds[0].every(({ wallS, failure }) => wallS < SHORT_S && failure === null);
  do rounds.push(await measureOnce(coins, options));
  while (rounds.length < Math.min(TIMES, options.most) && isShort());
  return rounds[0].map((_, i) => medianRun(rounds.map((round) => round[i])));
}

async function measureOnce(
  coins: CoinSet,
  { parent, scope = "pooled", workers, s3 = false, next = true }: RunOptions,
): Promise<MeasuredRun[]> {
  const folder = mkdtempSync(join(parent, "place-"));
  const market = await startMarket({ data: coins.folder, now: coins.asOf[0] });
  try {
    const place = await openPlace({ folder, marketUrl: market.url, scope, interval: coins.interval, workers: workers ?? null, s3 });
    try {
      const runs: MeasuredRun[] = [];
      for (const [i, run] of next ? (["cold", "next"] as const).entries() : [[0, "cold"] as const]) {
        await market.control({ now: coins.asOf[i], resetStats: true });
        const figures = await place.run({ symbols: coins.symbols, asOf: coins.asOf[i] });
        const { requests, maxPerSecond } = await market.stats();
        const what = { coins: coins.what + (scope === "coin" ? ", a model each" : ""), symbols: coins.symbols.length, run, times: 1 };
        runs.push({
          ...figures,
          ...what,
          workers: workers === undefined ? "the command's" : `${workers}`,
          source: { requests, maxPerSecond },
        });
      }
      return runs;
    } finally {
      await place.close();
    }
  } finally {
    await market.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The run with the median wall time, as a whole, so that its figures belong together. */
export function medianRun<Run extends Pick<MeasuredRun, "wallS" | "times">>(runs: readonly Run[]): Run {
  const sorted = runs.toSorted((a, b) => a.wallS - b.wallS);
  return { ...sorted[(sorted.length - 1) >> 1], times: runs.length };
}
