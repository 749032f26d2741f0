import type { Decisions } from "../core/manifests/decisions.ts";
import type { SymbolResult, Universe } from "./contract.ts";

const MAX_ROWS = 120;

export interface PipelineStory {
  readonly summary: string;
  readonly universe: Universe | null;
  readonly results: readonly SymbolResult[];
  readonly decisions: Decisions | null;
  readonly manifest: string | null;
}

/** A run's page: what was published, what became of each symbol, and why each model has the role that it has. */
export function pipelineDetails({ summary, universe, results, decisions, manifest }: PipelineStory): string {
  return [
    `**${summary}**`,
    "",
    ...(universe ? [universeText(universe), ""] : []),
    "### Candles",
    "| symbol | status | source | candles | newest | added | revised | reason |",
    "|---|---|---|---|---|---|---|---|",
    ...results.slice(0, MAX_ROWS).map(symbolRow),
    ...(results.length > MAX_ROWS ? [`| … ${results.length - MAX_ROWS} more | | | | | | | |`] : []),
    "",
    ...(decisions ? decisionLines(decisions, manifest) : []),
  ].join("\n");
}

/** Which coins a run chose, and how. */
export function universeText({ top, source, by, rankedAt, problem, symbols, left }: Universe): string {
  if (problem !== null) {
    return `The ${top} largest coins could not be ranked (${cell(problem)}); the newest manifest's ${symbols.length} stand in.`;
  }
  const gone = left.map(({ symbol, rank }) => `${symbol} (${rank === null ? "not listed" : `now ${rank}`})`);
  return [
    `The ${top} largest coins by ${by} at ${source}, ranked ${rankedAt}: ${symbols.length} chosen.`,
    ...(gone.length > 0 ? [`No longer among them, so stale: ${gone.join(", ")}.`] : []),
  ].join(" ");
}

function symbolRow({ symbol, status, source, rows, lastOpenTime, counts, error }: SymbolResult): string {
  const cells = [symbol, status, source ?? "", rows, lastOpenTime?.slice(0, 16) ?? "", counts.added, counts.revised, cell(error ?? "")];
  return `| ${cells.join(" | ")} |`;
}

function decisionLines({ models, reasons, omitted, champions }: Decisions, manifest: string | null): string[] {
  const rows = Object.entries(models).flatMap(([symbol, list]) =>
    list.map(([name, scope, role, reason]) => `| ${symbol} | ${name} | ${scope} | ${role} | ${cell(reasons[reason])} |`),
  );
  const served = Object.values(champions).filter((names) => names.length > 0).length;
  return [
    "### Why each model is promoted, or not",
    `${served} of ${Object.keys(champions).length} symbols have a champion; the others are served by the baseline.`,
    "",
    "| symbol | model | scope | role | why |",
    "|---|---|---|---|---|",
    ...rows,
    ...(omitted > 0 ? ["", `${omitted} more symbols: see \`GET /models\`, or manifest ${manifest}.`] : []),
  ];
}

/** A text that doesn't end its cell of a table. */
function cell(text: string): string {
  return text.replace(/[|\r\n]+/g, " ");
}
