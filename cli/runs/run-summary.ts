import { jumpText } from "../../core/candles/suspect-jump-text.ts";
import type { Metrics, ModelEntry, Skill } from "../../core/manifests/manifest.ts";
import { championsOf } from "../../core/serving/champion.ts";
import type { Role, Scope } from "../../core/vocabulary/model-names.ts";
import { readListed } from "../../storage/list-files/list-file.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import { readManifest } from "../../storage/registry/reader.ts";
import type { AllSymbols, PipelineResult, SymbolResult } from "../../workflows/contract.ts";
import { afterTraining, type SymbolOutcome } from "../../workflows/symbol-outcome.ts";
import { formatDuration } from "../progress/duration.ts";
import { reasonFor } from "../progress/reason.ts";

export interface ModelSummary {
  readonly name: ModelEntry["name"];
  readonly scope: Scope;
  readonly role: Role;
  readonly reason: string;
  readonly n: number;
  readonly metrics: Metrics;
  readonly skill: Skill;
  readonly groupSkill: Skill;
}

/** A run's result, with the models of its manifest. */
export interface RunSummary extends Omit<PipelineResult, "symbols" | "allSymbols"> {
  readonly workflowId: string;
  /** The run's page in the Temporal Web UI; null if its address isn't known. */
  readonly runUrl: string | null;
  readonly symbols: readonly (SymbolResult & { readonly models: readonly ModelSummary[] })[];
}

/**
 * @param store where the run's manifest is, and the results of its symbols, if they are many
 * @throws {CorruptObjectError} if the results are gone
 */
export async function summariseRun(
  store: ObjectReader,
  { workflowId, runUrl }: Pick<RunSummary, "workflowId" | "runUrl">,
  { allSymbols, ...result }: PipelineResult,
): Promise<RunSummary> {
  const manifest = result.manifest ? await readManifest(store, result.manifest.version) : null;
  const symbols = allSymbols ? await readResults(store, allSymbols) : result.symbols;
  return {
    workflowId,
    runUrl,
    ...result,
    symbols: symbols.map((symbol) => ({ ...symbol, models: (manifest?.symbols[symbol.symbol]?.models ?? []).map(summariseModel) })),
  };
}

async function readResults(store: ObjectReader, { outcomes, failedTrainings }: AllSymbols): Promise<SymbolResult[]> {
  const list = await readListed<SymbolOutcome>(store, outcomes);
  return list.map((outcome) => afterTraining(outcome, failedTrainings).result);
}

function summariseModel({ name, scope, role, reason, n, metrics, skill, groupSkill }: ModelEntry): ModelSummary {
  return { name, scope, role, reason, n, metrics, skill, groupSkill };
}

/** 0 if there is a manifest and every symbol succeeded. */
export function pipelineExitCode({ manifest, symbols }: Pick<PipelineResult, "manifest" | "symbols">): number {
  return manifest !== null && symbols.every(({ status }) => status === "ok") ? 0 : 1;
}

/** The outcome of each symbol and the model that serves it, for people. */
export function summaryLines(summary: RunSummary): string[] {
  const symbols = summary.symbols.map(
    ({ symbol, status, error, rows, source, simulated, lastOpenTime, counts, models, suspectJumps = [] }) => {
      if (status === "failed") return `  ${symbol.padEnd(8)}failed: ${reasonFor(symbol, error)}`;
      const champions = championsOf(models).map(({ name }) => name);
      const dirt = sum(counts.dropped) + sum(counts.rejected);
      return [
        `  ${symbol.padEnd(8)}${rows} candles to ${lastOpenTime?.slice(0, 10) ?? "none"} from ${source}${simulated ? " (simulated)" : ""}`,
        `${counts.added} new, ${counts.revised} revised${dirt > 0 ? `, ${dirt} dropped or rejected` : ""}`,
        ...suspectJumps.map((jump) => `suspect_jump ${jumpText(jump)}`),
        champions.length > 0 ? `served by ${champions.join(" and ")}` : "no model has skill, so the baseline is served",
      ].join("; ");
    },
  );
  const { ingest, training, publish, total } = summary.seconds;
  const times = `${formatDuration(total * 1000)} (candles ${formatDuration(ingest * 1000)}, models ${formatDuration(training * 1000)}, publishing ${formatDuration(publish * 1000)})`;
  const scored = summary.scoring?.result ? [`  earlier forecasts: ${summary.scoring.result.summary}`] : [];
  return [summary.summary, ...symbols, ...scored, `  took ${times}; run ${summary.workflowId}`];
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, n) => total + n, 0);
}
