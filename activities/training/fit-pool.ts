import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { CandlecastError, InvalidInputError, LeakDetectedError, NotEnoughDataError, SchemaMismatchError } from "../../core/errors.ts";
import type { Pool } from "../../core/evaluation/pool.ts";
import type { FitOptions, FoldPredictions } from "../../core/evaluation/run-fold.ts";
import type { FoldPlan } from "../../core/evaluation/walk-forward.ts";
import type { AlgorithmName } from "../../core/manifests/manifest.ts";
import type { ImportanceInput } from "../../core/reports/permutation-importance.ts";
import type { Explanation, Importance } from "../../core/reports/report.ts";
import type { FitAnswer, FitTask } from "./fit-thread.ts";
import type { ExplainTask, ReportAnswer } from "./report-thread.ts";

interface FitControl extends FitOptions {
  readonly signal?: AbortSignal;
}

/** Threads on which models are fitted, so that heartbeats and polling go on. */
export interface FitPool {
  /** @returns out-of-sample predictions, fold by fold */
  runFolds(
    pool: Pool,
    folds: readonly FoldPlan[],
    algorithm: AlgorithmName,
    control: FitControl & { readonly onFold?: (done: number) => void },
  ): Promise<FoldPredictions[]>;
  /** @returns the model file of a fit on all rows */
  fitFinal(pool: Pool, algorithm: AlgorithmName, control: FitControl): Promise<Uint8Array>;
  /** @returns per symbol, how much each feature matters to a model */
  measureImportance(input: ImportanceInput, signal?: AbortSignal): Promise<Record<string, Importance>>;
  /** @returns a model's reasons for its newest prediction */
  explain(task: ExplainTask, signal?: AbortSignal): Promise<Explanation>;
  close(): Promise<void>;
}

export function createFitPool({ threads }: { threads: number }): FitPool {
  const piscina = new Piscina<FitTask, FitAnswer>({
    filename: fileURLToPath(new URL("./fit-thread.ts", import.meta.url)),
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: 30_000,
  });
  const run = async (task: FitTask, signal?: AbortSignal): Promise<FitAnswer> => {
    const answer = await piscina.run(task, { signal });
    if ("failure" in answer) throw reviveError(answer.failure);
    return answer;
  };
  const runReport = async <T>(name: string, task: unknown, signal?: AbortSignal): Promise<T> => {
    const answer: ReportAnswer<T> = await (piscina as Piscina<unknown, ReportAnswer<T>>).run(task, { name, signal });
    if ("failure" in answer) throw reviveError(answer.failure);
    return answer.result;
  };
  return {
    async runFolds(pool, folds, algorithm, { signal, onFold, ...options }) {
      let done = 0;
      return Promise.all(
        folds.map(async (fold) => {
          const answer = await run({ ...options, pool, fold, algorithm }, signal);
          onFold?.(++done);
          return (answer as Extract<FitAnswer, { predictions: unknown }>).predictions;
        }),
      );
    },
    async fitFinal(pool, algorithm, { signal, ...options }) {
      const answer = await run({ ...options, pool, fold: null, algorithm }, signal);
      return (answer as Extract<FitAnswer, { model: unknown }>).model;
    },
    measureImportance: (input, signal) => runReport<Record<string, Importance>>("measureImportance", input, signal),
    explain: (task, signal) => runReport<Explanation>("explainNewest", task, signal),
    close: () => piscina.destroy(),
  };
}

function reviveError({ name, message }: { name: string; message: string }): Error {
  for (const kind of [InvalidInputError, NotEnoughDataError, SchemaMismatchError, LeakDetectedError]) {
    const error = new kind(message);
    if (error.name === name) return error;
  }
  return new CandlecastError(message);
}
