import { jumpText } from "../core/candles/suspect-jump-text.ts";
import type { Decisions } from "../core/manifests/decisions.ts";
import type { Universe } from "../core/universe/universe.ts";
import type { Scoring, SymbolResult } from "./contract.ts";
import { cell, newestTime } from "./page-words.ts";

const MAX_ROWS = 120;
/** Symbols that a sentence names. */
const MAX_NAMES = 12;

export interface PipelineOutcome {
  readonly summary: string;
  readonly universe: Universe | null;
  readonly results: readonly SymbolResult[];
  readonly decisions: Decisions | null;
  readonly manifest: string | null;
  /** null while it has not ended */
  readonly scoring?: Scoring | null;
}

/** A run's page: what was published, how earlier forecasts came out, the outcome of each symbol, and the reason for each model's role. */
export function pipelinePage({ summary, universe, results, decisions, manifest, scoring = null }: PipelineOutcome): string {
  const good = results.filter(({ status }) => status === "ok");
  return [
    `**${summary}**`,
    "",
    ...(universe ? [universeText(universe), ""] : []),
    ...(scoring ? ["### Earlier forecasts", cell(scoring.result?.summary ?? scoring.error ?? ""), ""] : []),
    "### Candles",
    ...results.flatMap(({ status, error }) => (status === "failed" ? [`- failed: ${cell(error ?? "")}`] : [])),
    "",
    "| symbol | candles | newest | new | revised |",
    "|---|---|---|---|---|",
    ...good.slice(0, MAX_ROWS).map(symbolRow),
    ...(good.length > MAX_ROWS ? [`| … ${good.length - MAX_ROWS} more | | | | |`] : []),
    "",
    ...good.flatMap(({ symbol, suspectJumps = [] }) => suspectJumps.map((jump) => `- suspect_jump of ${symbol}, ${jumpText(jump)}`)),
    "",
    ...(decisions ? decisionLines(decisions, manifest) : []),
  ].join("\n");
}

/** The outcome of a run in two sentences, and why earlier forecasts were not scored. Each failed symbol's reason is in its result. */
export function pipelineSummary(
  published: string,
  results: readonly Pick<SymbolResult, "symbol" | "status" | "error">[],
  scoringError: string | null = null,
): string {
  const summary = symbolsSummary(published, results);
  return scoringError === null ? summary : `${summary} ${scoringError}`;
}

function symbolsSummary(published: string, results: readonly Pick<SymbolResult, "symbol" | "status" | "error">[]): string {
  const failed = results.filter(({ status }) => status === "failed");
  if (failed.length === 0) return published;
  if (failed.length === 1) return `${published} ${failed[0].error}`;
  const more = failed.length > MAX_NAMES ? ` and ${failed.length - MAX_NAMES} more` : "";
  const names = failed.slice(0, MAX_NAMES).map(({ symbol }) => symbol);
  return `${published} ${failed.length} of ${results.length} symbols failed: ${names.join(", ")}${more}.`;
}

/** Which coins a run chose, and how. */
export function universeText({ top, source, by, rankedAt, problem, symbols, left }: Universe): string {
  if (problem !== null) {
    return `The ${top} largest coins could not be ranked (${cell(problem)}); ${symbols.length} coins of the newest manifest are used instead.`;
  }
  const gone = left.map(({ symbol, rank }) => `${symbol} (${rank === null ? "not listed" : `now ${rank}`})`);
  return [
    `The ${top} largest coins by ${by} at ${source}, ranked ${rankedAt}: ${symbols.length} chosen.`,
    ...(gone.length > 0 ? [`No longer among them, so stale: ${gone.join(", ")}.`] : []),
  ].join(" ");
}

function symbolRow({ symbol, rows, lastOpenTime, counts }: SymbolResult): string {
  const cells = [symbol, rows, newestTime(lastOpenTime), counts.added, counts.revised];
  return `| ${cells.join(" | ")} |`;
}

function decisionLines({ models, reasons, omitted, champions }: Decisions, manifest: string | null): string[] {
  const scopes = new Set(Object.values(models).flatMap((list) => list.map(([, scope]) => scope)));
  const tables = Object.entries(models).flatMap(([symbol, list]) => [
    `#### ${symbol}`,
    "| model | role | why |",
    "|---|---|---|",
    ...list.map(
      ([name, scope, role, reason]) => `| ${scopes.size > 1 ? `${name}, ${scope}` : name} | ${role} | ${cell(reasons[reason])} |`,
    ),
    "",
  ]);
  const served = Object.values(champions).filter((names) => names.length > 0).length;
  return [
    "### Why each model is promoted or not",
    `${served} of ${Object.keys(champions).length} symbols have a champion; the others are served by the baseline.`,
    "",
    ...tables,
    ...(omitted > 0 ? [`${omitted} more symbols: see \`GET /models\`, or manifest ${manifest}.`] : []),
  ];
}
