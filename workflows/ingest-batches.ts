import { executeChild, isCancellation, ParentClosePolicy, workflowInfo } from "@temporalio/workflow";
import type { RunPlan } from "../activities/plan/plan-run.ts";
import type { SymbolSources } from "../core/universe/symbol-sources.ts";
import type { Interval } from "../core/vocabulary/interval.ts";
import { type Listed, MOST_LISTED } from "../core/vocabulary/listed.ts";
import { batchesOf } from "./batches-of.ts";
import { bounded } from "./bounded.ts";
import { rootFailure } from "./failures.ts";
import { type BatchOutcome, type IngestBatchInput, ingestBatch, keepOutcomes } from "./ingest-batch.ts";
import { briefOf, failedOutcome, NOTHING_FETCHED, type SymbolBrief, type SymbolOutcome } from "./symbol-outcome.ts";
import { tellEveryMs } from "./symbol-update.ts";

/** Most coins of a batch. Features of one coin take some 50 ms of daily candles, and many seconds of minutes. */
const BATCH_COINS: Readonly<Record<Interval, number>> = { "1d": 25, "1h": 10, "1m": 2 };

/** Coins of a batch that are fetched at the same time; the other batches are fetched meanwhile. */
const AT_ONCE = 8;

/** Told what happens to coins. */
export interface IngestWatcher {
  begin(child: string, coins: readonly SymbolSources[]): void;
  end(child: string, coins: readonly SymbolBrief[]): void;
}

/** What came of a run's coins, in their order. */
export interface Ingested {
  readonly coins: readonly SymbolBrief[];
  /** Of very many coins, where the children have stored them. */
  readonly outcomes: Listed<SymbolOutcome>;
}

/** Candles and features of all coins of a run, in a child for each batch. */
export async function ingestBatches(plan: RunPlan, watcher: IngestWatcher): Promise<Ingested> {
  const { workflowId } = workflowInfo();
  const { symbols, parallelism, interval } = plan;
  const atOnce = Math.min(AT_ONCE, parallelism);
  const batches = batchesOf(symbols, BATCH_COINS[interval]);
  const ended = await bounded(batches, Math.ceil(parallelism / atOnce), async (coins, i) => {
    const child = `${workflowId}/batch-${i + 1}`;
    watcher.begin(child, coins);
    const outcome = await ingestOne(plan, child, { coins, atOnce });
    const briefs = "kept" in outcome ? outcome.coins : outcome.outcomes.map(briefOf);
    watcher.end(child, briefs);
    return { ...outcome, briefs };
  });
  const parts = ended.flatMap((outcome) => ("kept" in outcome ? [outcome.kept] : []));
  return {
    coins: ended.flatMap(({ briefs }) => briefs),
    outcomes: keepsOutcomes(plan)
      ? { length: symbols.length, parts }
      : ended.flatMap((outcome) => ("outcomes" in outcome ? outcome.outcomes : [])),
  };
}

async function ingestOne(
  plan: RunPlan,
  child: string,
  { coins, atOnce }: Pick<IngestBatchInput, "coins" | "atOnce">,
): Promise<BatchOutcome> {
  const { workflowId, memo } = workflowInfo();
  const { interval, asOf, symbols } = plan;
  const range = coins.length === 1 ? coins[0].symbol : `${coins[0].symbol} to ${coins[coins.length - 1].symbol}`;
  const parent = { workflowId, tellEveryMs: tellEveryMs(symbols.length) };
  const keeps = keepsOutcomes(plan);
  try {
    return await executeChild(ingestBatch, {
      workflowId: child,
      ...(memo && { memo }),
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      staticSummary: `${range} ${interval}, as of ${asOf}`,
      staticDetails: `Candles and features of ${coins.length} coins for run \`${workflowId}\`.`,
      args: [{ coins, interval, asOf, atOnce, parent, ...(keeps && { keeps }) }],
    });
  } catch (error) {
    if (isCancellation(error)) throw error;
    const { message } = rootFailure(error);
    const outcomes = coins.map(({ symbol }) => failedOutcome(symbol, NOTHING_FETCHED, `${symbol}: ${message}`));
    return keeps ? keepOutcomes(outcomes) : { outcomes };
  }
}

function keepsOutcomes({ symbols }: RunPlan): boolean {
  return symbols.length > MOST_LISTED;
}
