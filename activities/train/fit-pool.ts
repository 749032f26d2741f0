import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import type { Pool } from "../../core/evaluation/pool.ts";
import type { FitOptions, FoldPredictions } from "../../core/evaluation/run-fold.ts";
import type { FoldPlan } from "../../core/evaluation/walk-forward.ts";
import type { Model } from "../../core/models/model.ts";
import type { BinnedMatrix } from "../../core/models/trees/binning.ts";
import { type ImportanceInput, joinImportance } from "../../core/reports/permutation-importance.ts";
import type { Explanation, Importance } from "../../core/reports/report.ts";
import {
  CandlecastError,
  CorruptObjectError,
  InvalidInputError,
  LeakDetectedError,
  NotEnoughDataError,
  SchemaMismatchError,
} from "../../core/vocabulary/errors.ts";
import { type AlgorithmName, LEARNERS } from "../../core/vocabulary/model-names.ts";
import type { FitAnswer, FitTask } from "./fit-thread.ts";
import { KeptWithPool } from "./kept-with-pool.ts";
import { LongestFirst } from "./longest-first.ts";
import type { ExplainTask, ReportAnswer } from "./report-thread.ts";

interface FitControl extends FitOptions {
  readonly signal?: AbortSignal;
}

/**
 * Threads on which models are fitted, so that heartbeats and polling go on. All fits of a process share them; the longest
 * goes first. Aborting the signal ends the thread of a running fit.
 */
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
  /** @returns the model of a fit on a fold's training rows. Where `runFolds` fitted it as the last fold of the same pool, it isn't fitted again. */
  fitFold(pool: Pool, fold: FoldPlan, algorithm: AlgorithmName, control: FitControl): Promise<Model["body"]>;
  /** @returns per symbol, how much each feature matters to a model */
  measureImportance(input: ImportanceInput, signal?: AbortSignal): Promise<Record<string, Importance>>;
  /** @returns why a model makes its newest prediction, for each coin */
  explain(task: ExplainTask, signal?: AbortSignal): Promise<Explanation[]>;
  /** Number of live threads, busy or idle. */
  threads(): number;
  /**
   * Starts a thread if none lives, and waits until it answers.
   *
   * @throws {Error} if none can be started
   */
  assertAlive(): Promise<void>;
  close(): Promise<void>;
}

/** Idle threads end after this time, so that their memory is freed. */
const IDLE_MS = 30_000;
/** Fits allocate few short-lived objects; by default a thread reserves three times as much for them. */
const YOUNG_MB = 16;
/** More than the cost of any fit, in rows: fits wait for this work. */
const URGENT = Number.MAX_SAFE_INTEGER;

export function createFitPool({ threads }: { threads: number }): FitPool {
  const piscina = new Piscina<FitTask, FitAnswer>({
    filename: fileURLToPath(new URL("./fit-thread.ts", import.meta.url)),
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: IDLE_MS,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  const turns = new LongestFirst(threads);
  const run = async <K extends FitAnswer["kind"]>(task: FitTask, cost: number, signal?: AbortSignal) => {
    const answer = await turns.run(cost, () => piscina.run(task, { signal }), signal);
    if (answer.kind === "failure") throw reviveError(answer.failure);
    return answer as Extract<FitAnswer, { kind: K }>;
  };
  const runReport = async <T>(name: string, task: unknown, signal?: AbortSignal): Promise<T> => {
    const reports = piscina as Piscina<unknown, ReportAnswer<T>>;
    const answer = await turns.run(0, () => reports.run(task, { name, signal }), signal);
    if ("failure" in answer) throw reviveError(answer.failure);
    return answer.result;
  };
  const binsOf = shareBins(async (pool, rows) => (await run<"bins">({ kind: "bin", pool, rows }, URGENT)).matrix);
  const withBins = async (pool: Pool, rows: number, algorithm: AlgorithmName, options: FitOptions): Promise<FitOptions> =>
    readsBins(algorithm) ? { ...options, binned: await binsOf(pool, rows) } : options;
  const fittedFolds = new KeptWithPool<Model["body"]>();
  /** @param keep whether the fold's model is kept as long as the pool */
  const learnFold = async (pool: Pool, fold: FoldPlan, algorithm: AlgorithmName, { signal, ...given }: FitControl, keep: boolean) => {
    const options = await withBins(pool, fold.trainTo, algorithm, given);
    const answer = await run<"fold">({ kind: "fold", pool, fold, algorithm, options, withBody: keep }, fold.trainTo, signal);
    if (answer.body) fittedFolds.set(pool, nameFit(fold, algorithm, given), answer.body);
    return answer;
  };
  return {
    async runFolds(pool, folds, algorithm, { onFold, ...control }) {
      let done = 0;
      return Promise.all(
        folds.map(async (fold, i) => {
          const { predictions } = await learnFold(pool, fold, algorithm, control, i === folds.length - 1);
          onFold?.(++done);
          return predictions;
        }),
      );
    },
    async fitFinal(pool, algorithm, { signal, ...given }) {
      const rows = pool.openTime.length;
      const options = await withBins(pool, rows, algorithm, given);
      return (await run<"final">({ kind: "final", pool, algorithm, options }, rows, signal)).model;
    },
    async fitFold(pool, fold, algorithm, control) {
      const name = nameFit(fold, algorithm, control);
      if (!fittedFolds.get(pool, name)) await learnFold(pool, fold, algorithm, control, true);
      return fittedFolds.get(pool, name) as Model["body"];
    },
    async measureImportance(input, signal) {
      const { names } = input.pool;
      const shares = Array.from({ length: threads }, (_, i) => names.filter((_name, f) => f % threads === i)).filter(
        ({ length }) => length > 0,
      );
      const parts = shares.map((features) => {
        const task = { ...input, features } satisfies ImportanceInput;
        return runReport<Record<string, Importance>>("measureImportance", task, signal);
      });
      return joinImportance(await Promise.all(parts));
    },
    async explain(task, signal) {
      // Each thread decodes the model once, for its share of the coins.
      const share = Math.ceil(task.coins.length / threads);
      const members = task.members.map(shareBytes);
      const parts = Array.from({ length: Math.ceil(task.coins.length / share) }, (_, i) => task.coins.slice(i * share, (i + 1) * share));
      const answers = parts.map((coins) =>
        runReport<Explanation[]>("explainNewest", { ...task, members, coins } satisfies ExplainTask, signal),
      );
      return (await Promise.all(answers)).flat();
    },
    threads: () => piscina.threads.length,
    async assertAlive() {
      if (piscina.threads.length === 0) await piscina.run(undefined as never, { name: "ping" });
    },
    close: () => piscina.destroy(),
  };
}

/** Bins of a pool's first rows, computed once for all algorithms. */
function shareBins(compute: (pool: Pool, rows: number) => Promise<BinnedMatrix>) {
  const known = new KeptWithPool<Promise<BinnedMatrix>>();
  return (pool: Pool, rows: number): Promise<BinnedMatrix> => {
    const key = String(rows);
    const found = known.get(pool, key);
    if (found) return found;
    const computed = compute(pool, rows);
    known.set(pool, key, computed);
    computed.catch(() => known.delete(pool, key));
    return computed;
  };
}

/** All that a fit on a fold's rows depends on, beside the pool. */
function nameFit({ trainTo }: FoldPlan, algorithm: AlgorithmName, { scope, seed, settings }: FitOptions): string {
  return JSON.stringify([trainTo, algorithm, scope, seed, settings]);
}

/** The same bytes in memory that threads read without a copy. */
function shareBytes(bytes: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.byteLength));
  shared.set(bytes);
  return shared;
}

function readsBins(algorithm: AlgorithmName): boolean {
  return LEARNERS[algorithm].body === "trees";
}

function reviveError({ name, message }: { name: string; message: string }): Error {
  for (const kind of [InvalidInputError, NotEnoughDataError, SchemaMismatchError, CorruptObjectError, LeakDetectedError]) {
    const error = new kind(message);
    if (error.name === name) return error;
  }
  return new CandlecastError(message);
}
