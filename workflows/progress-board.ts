import type { TrainingGroup } from "../activities/train/plan-training.ts";
import type { SymbolSources } from "../core/universe/symbol-sources.ts";
import { MOST_LISTED } from "../core/vocabulary/listed.ts";
import { ALGORITHMS, type AlgorithmName } from "../core/vocabulary/model-names.ts";
import type { PipelineProgress, SymbolStage } from "./contract.ts";
import type { SymbolBrief } from "./symbol-outcome.ts";
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
  end(child: string, coins: readonly SymbolBrief[]): void {
    this.#children.delete(child);
    for (const { symbol, status, rows, requests, source, error } of coins) {
      this.#symbols.set(symbol, { stage: status === "ok" ? "ready" : "failed", rows, requests, source, error });
    }
  }

  update({ symbol, stage, rows, requests, source }: SymbolUpdate): void {
    const entry = this.#symbols.get(symbol);
    if (entry && entry.stage !== "ready" && entry.stage !== "failed")
      this.#symbols.set(symbol, { ...entry, stage, rows, requests, source });
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

  #counts(): Record<SymbolStage, number> {
    const counts = { waiting: 0, ingest: 0, features: 0, ready: 0, failed: 0 };
    for (const { stage } of this.#symbols.values()) counts[stage]++;
    return counts;
  }

  #shown(): [string, PipelineProgress["symbols"][string]][] {
    const all = [...this.#symbols];
    if (all.length <= MOST_LISTED) return all;
    const isTelling = ([, { stage }]: (typeof all)[number]) => stage !== "waiting" && stage !== "ready";
    return [...all.filter(isTelling), ...all.filter((entry) => !isTelling(entry))].slice(0, MOST_LISTED);
  }

  view(): PipelineProgress {
    return {
      stage: this.phase,
      startedAt: this.#startedAt,
      counts: this.#counts(),
      symbols: Object.fromEntries(this.#shown()),
      children: [...this.#children],
      trainings: [...this.#trainings.values()],
      manifest: this.manifest,
    };
  }
}
