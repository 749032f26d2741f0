import { executeChild, isCancellation, ParentClosePolicy, workflowInfo } from "@temporalio/workflow";
import type { RunPlan } from "../activities/plan/plan-run.ts";
import type { SymbolSources } from "../core/universe/symbol-sources.ts";
import type { Interval } from "../core/vocabulary/interval.ts";
import { batchesOf } from "./batches-of.ts";
import { bounded } from "./bounded.ts";
import { rootFailure } from "./failures.ts";
import { ingestBatch } from "./ingest-batch.ts";
import { failedOutcome, NOTHING_FETCHED, type SymbolOutcome } from "./symbol-outcome.ts";

/** Most coins of a batch. Features of one coin take some 50 ms of daily candles, and many seconds of minutes. */
const BATCH_COINS: Readonly<Record<Interval, number>> = { "1d": 25, "1h": 10, "1m": 2 };

/** Coins of a batch that are fetched at the same time; the other batches are fetched meanwhile. */
const AT_ONCE = 8;

/** Told what happens to coins. */
export interface IngestWatcher {
  begin(child: string, coins: readonly SymbolSources[]): void;
  end(child: string, outcomes: readonly SymbolOutcome[]): void;
}

/** Candles and features of all coins of a run, in a child for each batch. */
export async function ingestBatches(plan: RunPlan, watcher: IngestWatcher): Promise<SymbolOutcome[]> {
  const { workflowId, memo } = workflowInfo();
  const { symbols, parallelism, interval, asOf } = plan;
  const atOnce = Math.min(AT_ONCE, parallelism);
  const batches = batchesOf(symbols, BATCH_COINS[interval]);
  const outcomes = await bounded(batches, Math.ceil(parallelism / atOnce), async (coins, i) => {
    const child = `${workflowId}/batch-${i + 1}`;
    watcher.begin(child, coins);
    const ended = await ingestOne().catch((error: unknown) => {
      if (isCancellation(error)) throw error;
      const { message } = rootFailure(error);
      return coins.map(({ symbol }) => failedOutcome(symbol, NOTHING_FETCHED, `${symbol}: ${message}`));
    });
    watcher.end(child, ended);
    return ended;

    function ingestOne() {
      const range = coins.length === 1 ? coins[0].symbol : `${coins[0].symbol} to ${coins[coins.length - 1].symbol}`;
      return executeChild(ingestBatch, {
        workflowId: child,
        ...(memo && { memo }),
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        staticSummary: `${range} ${interval}, as of ${asOf}`,
        staticDetails: `Candles and features of ${coins.length} coins for run \`${workflowId}\`.`,
        args: [{ coins, interval, asOf, atOnce, parent: { workflowId } }],
      });
    }
  });
  return outcomes.flat();
}
