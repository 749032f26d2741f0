import type { Pool } from "../../core/evaluation/pool.ts";
import { type FitOptions, type FoldPredictions, fitFinalModel, fitFold, predictFold } from "../../core/evaluation/run-fold.ts";
import type { FoldPlan } from "../../core/evaluation/walk-forward.ts";
import { encodeModel } from "../../core/models/file/model-file.ts";
import type { Model } from "../../core/models/model.ts";
import { type BinnedMatrix, binColumns } from "../../core/models/trees/binning.ts";
import { CandlecastError } from "../../core/vocabulary/errors.ts";
import type { AlgorithmName } from "../../core/vocabulary/model-names.ts";
import { nameCoins } from "./name-coins.ts";

export { explainNewest, measureImportance } from "./report-thread.ts";

/** A thread's task: the bins that several fits share, a fit on a fold, or the final fit. The pool's arrays are shared, not copied. */
export type FitTask =
  | { readonly kind: "bin"; readonly pool: Pool; readonly rows: number }
  | {
      readonly kind: "fold";
      readonly pool: Pool;
      readonly fold: FoldPlan;
      readonly algorithm: AlgorithmName;
      readonly options: FitOptions;
      /** whether the answer has the fold's model, too */
      readonly withBody: boolean;
    }
  | { readonly kind: "final"; readonly pool: Pool; readonly algorithm: AlgorithmName; readonly options: FitOptions };

/** An error loses its class between threads, so its name is sent as a value. */
export type FitAnswer =
  | { readonly kind: "bins"; readonly matrix: BinnedMatrix }
  | { readonly kind: "fold"; readonly predictions: FoldPredictions; readonly body: Model["body"] | null }
  | { readonly kind: "final"; readonly model: Uint8Array }
  | { readonly kind: "failure"; readonly failure: { readonly name: string; readonly message: string } };

/** Does nothing: its answer shows that a thread lives and could load its code. */
export function ping(): void {}

export default function work(task: FitTask): FitAnswer {
  const { pool } = task;
  const what = task.kind === "bin" ? "binning" : task.algorithm;
  try {
    if (task.kind === "bin") return { kind: "bins", matrix: shareMatrix(binColumns(pool.columns, task.rows)) };
    const { algorithm, options } = task;
    if (task.kind === "final") return { kind: "final", model: encodeModel(fitFinalModel(pool, algorithm, options)) };
    const body = fitFold(pool, task.fold, algorithm, options);
    return { kind: "fold", predictions: predictFold(pool, task.fold, algorithm, body), body: task.withBody ? body : null };
  } catch (error) {
    if (!(error instanceof CandlecastError)) throw error;
    return { kind: "failure", failure: { name: error.name, message: `${what} on ${nameCoins(pool.symbols)}: ${error.message}` } };
  }
}

/** The same matrix with its bins in shared memory. */
function shareMatrix({ rows, bins, thresholds }: BinnedMatrix): BinnedMatrix {
  const all = new Uint8Array(new SharedArrayBuffer(rows * bins.length));
  bins.forEach((column, f) => {
    all.set(column, f * rows);
  });
  return { rows, thresholds, bins: bins.map((_, f) => all.subarray(f * rows, (f + 1) * rows)) };
}
