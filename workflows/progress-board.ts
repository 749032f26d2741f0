import type { TrainingGroup } from "../activities/train/plan-training.ts";
import type { SymbolSources } from "../core/universe/symbol-sources.ts";
import { ALGORITHMS, type AlgorithmName } from "../core/vocabulary/model-names.ts";
import type { PipelineProgress } from "./contract.ts";
import type { SymbolOutcome } from "./symbol-outcome.ts";
import type { SymbolUpdate } from "./symbol-update.ts";

/** One training step as the run list, the heartbeats and the progress name it. */
export function trainingLabel(group: TrainingGroup, algorithm: AlgorithmName): string {
  return `${group.key} ${algorithm}`;
}

/** The answer of the `progress` query, kept up to date by the run. */
export class ProgressBoard {
  phase: PipelineProgress["stage"] = "ingest";
  manifest: string | null = null;
  readonly #startedAt: string;
  readonly #symbols = new Map<string, PipelineProgress["symbols"][string]>();
  /** Ids of child runs at work. */
  readonly #children = new Set<string>();
  readonly #trainings = new Map<string, PipelineProgress["trainings"][number]>();

  constructor(startedAt: string) {
    this.#startedAt = startedAt;
  }

  beginIngest(symbols: readonly SymbolSources[]): void {
    for (const { symbol } of symbols) this.#symbols.set(symbol, { stage: "waiting", rows: 0, requests: 0, source: null, error: null });
  }

  /** Coins are at work in a child. */
  begin(child: string, coins: readonly SymbolSources[]): void {
    this.#children.add(child);
    for (const { symbol } of coins) {
      const entry = this.#symbols.get(symbol);
      if (entry) this.#symbols.set(symbol, { ...entry, stage: "ingest" });
    }
  }

  /** A child has ended. */
  end(child: string, outcomes: readonly SymbolOutcome[]): void {
    this.#children.delete(child);
    for (const outcome of outcomes) this.#finish(outcome);
  }

  update({ symbol, stage, rows, requests, source }: SymbolUpdate): void {
    const entry = this.#symbols.get(symbol);
    if (entry && entry.stage !== "ready" && entry.stage !== "failed")
      this.#symbols.set(symbol, { ...entry, stage, rows, requests, source });
  }

  #finish({ result }: SymbolOutcome): void {
    const stage = result.status === "ok" ? "ready" : "failed";
    this.#symbols.set(result.symbol, {
      stage,
      rows: result.rows,
      requests: result.counts.requests,
      source: result.source,
      error: result.error,
    });
  }

  beginTraining(groups: readonly TrainingGroup[]): void {
    for (const group of groups) {
      for (const algorithm of ALGORITHMS) this.training(group, algorithm, group.reused ? "reused" : "waiting");
    }
  }

  training(group: TrainingGroup, algorithm: AlgorithmName, status: PipelineProgress["trainings"][number]["status"]): void {
    const label = trainingLabel(group, algorithm);
    this.#trainings.set(label, { label, status });
  }

  view(): PipelineProgress {
    return {
      stage: this.phase,
      startedAt: this.#startedAt,
      symbols: Object.fromEntries(this.#symbols),
      children: [...this.#children],
      trainings: [...this.#trainings.values()],
      manifest: this.manifest,
    };
  }
}
