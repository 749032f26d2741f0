import { executeChild, isCancellation, ParentClosePolicy, workflowInfo } from "@temporalio/workflow";
import type { SymbolSources } from "../core/universe/symbol-sources.ts";
import { rootFailure } from "./failures.ts";
import { type IngestSymbolInput, ingestSymbol } from "./ingest-symbol.ts";
import { failedOutcome, NOTHING_FETCHED, type SymbolOutcome } from "./symbol-outcome.ts";
import type { ParentRun } from "./symbol-update.ts";

/** Candles and features of one symbol in a child of its own, named after the run that is told of it. A failure is a result. */
export async function ingestAlone(
  parent: ParentRun,
  coin: SymbolSources & Pick<IngestSymbolInput, "interval" | "asOf" | "passed" | "resume">,
): Promise<SymbolOutcome> {
  const run = parent.workflowId;
  const { memo } = workflowInfo();
  const { symbol, sources, interval, asOf } = coin;
  try {
    return await executeChild(ingestSymbol, {
      workflowId: `${run}/${symbol}`,
      ...(memo && { memo }),
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      staticSummary: `${symbol} ${interval}, as of ${asOf}`,
      staticDetails: `Candles and features of ${symbol} for run \`${run}\`, from ${sources.join(", else ")}.`,
      args: [{ ...coin, parent }],
    });
  } catch (error) {
    if (isCancellation(error)) throw error;
    return failedOutcome(symbol, NOTHING_FETCHED, `${symbol}: ${rootFailure(error).message}`);
  }
}
