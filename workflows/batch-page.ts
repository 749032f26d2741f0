import { jumpText } from "../core/candles/suspect-jump-text.ts";
import { sumOf } from "../core/vocabulary/ingest-counts.ts";
import { cell, newestTime } from "./page-words.ts";
import type { SymbolOutcome } from "./symbol-outcome.ts";

/** The page of a batch: what became of each of its coins. @param said what there is to say of a coin besides, by symbol */
export function batchPage(outcomes: readonly SymbolOutcome[], said: ReadonlyMap<string, readonly string[]>): string {
  const results = outcomes.map(({ result }) => result);
  const failed = results.filter(({ status }) => status === "failed");
  return [
    `**${results.length - failed.length} of ${results.length} coins are ready.**`,
    "",
    ...failed.map(({ error }) => `- failed: ${cell(error ?? "")}`),
    "",
    "| symbol | source | candles | newest | missing | new | revised | not stored | requests |",
    "|---|---|---|---|---|---|---|---|---|",
    ...results
      .filter(({ status }) => status === "ok")
      .map(({ symbol, source, rows, lastOpenTime, missing, counts }) => {
        const { added, revised, dropped, rejected, requests } = counts;
        const cells = [symbol, source, rows, newestTime(lastOpenTime), missing, added, revised, sumOf(dropped) + sumOf(rejected), requests];
        return `| ${cells.join(" | ")} |`;
      }),
    "",
    ...results.flatMap(({ symbol, suspectJumps = [], counts }) => [
      ...(said.get(symbol) ?? []).map((reason) => `- ${symbol}: ${cell(reason)}`),
      ...suspectJumps.map((jump) => `- suspect_jump of ${symbol}, ${jumpText(jump)}`),
      ...Object.entries({ ...counts.dropped, ...counts.rejected }).map(([reason, n]) => `- ${symbol}: ${n} rows not stored: ${reason}`),
    ]),
  ].join("\n");
}
