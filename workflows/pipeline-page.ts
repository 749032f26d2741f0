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
  /** Coins that went well in all, where {@link results} has only those that failed. */
  readonly ready?: number;
  readonly decisions: Decisions | null;
  readonly manifest: string | null;
  /** null while it has not ended */
  readonly scoring?: Scoring | null;
}

/** A run's page: what was published, how earlier forecasts came out, the outcome of each symbol, and the reason for each model's role. */
export function pipelinePage({ summary, universe, results, ready, decisions, manifest, scoring = null }: PipelineOutcome): string {
  const good = results.filter(({ status }) => status === "ok");
  return [
    `**${summary}**`,
    "",
    ...(universe ? [universeText(universe), ""] : []),
    ...(scoring ? ["### Earlier forecasts", cell(scoring.result?.summary ?? scoring.error ?? ""), ""] : []),
    "### Candles",
    ...firstOf(results.filter(({ status }) => status === "failed").map(({ error }) => `- failed: ${cell(error ?? "")}`)),
    "",
    ...(ready === undefined ? candleTable(good) : [`${ready} coins are ready; the pages of this run's children have a table of them.`]),
    "",
    ...firstOf(
      good.flatMap(({ symbol, suspectJumps = [] }) => suspectJumps.map((jump) => `- suspect_jump of ${symbol}, ${jumpText(jump)}`)),
    ),
    "",
    ...(decisions ? decisionLines(decisions, manifest) : []),
  ].join("\n");
}

/** The symbols of a run that failed, and how many it had in all. */
export interface FailedSymbols {
  readonly failed: readonly { readonly symbol: string; readonly error: string | null }[];
  readonly coins: number;
}

/** The outcome of a run in two sentences, and why earlier forecasts were not scored. Each failed symbol's reason is in its result. */
export function pipelineSummary(published: string, symbols: FailedSymbols, scoringError: string | null = null): string {
  const summary = symbolsSummary(published, symbols);
  return scoringError === null ? summary : `${summary} ${scoringError}`;
}

function symbolsSummary(published: string, { failed, coins }: FailedSymbols): string {
  if (failed.length === 0) return published;
  if (failed.length === 1) return `${published} ${failed[0].error}`;
  const more = failed.length > MAX_NAMES ? ` and ${failed.length - MAX_NAMES} more` : "";
  const names = failed.slice(0, MAX_NAMES).map(({ symbol }) => symbol);
  return `${published} ${failed.length} of ${coins} symbols failed: ${names.join(", ")}${more}.`;
}

/** Which coins a run chose, and how. */
export function universeText({ top, source, by, rankedAt, problem, symbols, left }: Universe): string {
  if (problem !== null) {
    return `The ${top} largest coins could not be ranked (${cell(problem)}); ${symbols.length} coins of the newest manifest are used instead.`;
  }
  const gone = left.slice(0, MAX_ROWS).map(({ symbol, rank }) => `${symbol} (${rank === null ? "not listed" : `now ${rank}`})`);
  if (left.length > MAX_ROWS) gone.push(`and ${left.length - MAX_ROWS} more`);
  return [
    `The ${top} largest coins by ${by} at ${source}, ranked ${rankedAt}: ${symbols.length} chosen.`,
    ...(gone.length > 0 ? [`No longer among them, so stale: ${gone.join(", ")}.`] : []),
  ].join(" ");
}

function candleTable(good: readonly SymbolResult[]): string[] {
  return [
    "| symbol | candles | newest | new | revised |",
    "|---|---|---|---|---|",
    ...good.slice(0, MAX_ROWS).map(symbolRow),
    ...(good.length > MAX_ROWS ? [`| … ${good.length - MAX_ROWS} more | | | | |`] : []),
  ];
}

function firstOf(lines: readonly string[]): string[] {
  const more = lines.length - MAX_ROWS;
  return more > 0 ? [...lines.slice(0, MAX_ROWS), `- … ${more} more`] : [...lines];
}

function symbolRow({ symbol, rows, lastOpenTime, counts }: SymbolResult): string {
  const cells = [symbol, rows, newestTime(lastOpenTime), counts.added, counts.revised];
  return `| ${cells.join(" | ")} |`;
}

function decisionLines({ models, reasons, omitted, champions, counts }: Decisions, manifest: string | null): string[] {
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
  const served = counts?.served ?? Object.values(champions).filter((names) => names.length > 0).length;
  return [
    "### Why each model is promoted or not",
    `${served} of ${counts?.symbols ?? Object.keys(champions).length} symbols have a champion; the others are served by the baseline.`,
    "",
    ...tables,
    ...(omitted > 0 ? [`${omitted} more symbols: see \`GET /models\`, or manifest ${manifest}.`] : []),
  ];
}
