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

/**
 * A thread's task: one fold with its predictions, its model or both, the final fit (`fold` is null), or the bins that several fits share.
 * The pool's arrays are shared, not copied.
 */
export type FitTask =
  | { readonly kind: "bin"; readonly pool: Pool; readonly rows: number }
  | {
      readonly kind: "body";
      readonly pool: Pool;
      readonly fold: FoldPlan;
      readonly algorithm: AlgorithmName;
      readonly options: FitOptions;
    }
  | {
      readonly kind: "fit";
      readonly pool: Pool;
      readonly fold: FoldPlan | null;
      readonly algorithm: AlgorithmName;
      readonly options: FitOptions;
      /** whether the answer has the fold's model, too */
      readonly withBody: boolean;
    };

/** An error loses its class between threads, so its name is sent as a value. */
export type FitAnswer =
  | { readonly kind: "bins"; readonly matrix: BinnedMatrix }
  | { readonly kind: "predictions"; readonly predictions: FoldPredictions; readonly body: Model["body"] | null }
  | { readonly kind: "model"; readonly model: Uint8Array }
  | { readonly kind: "body"; readonly body: Model["body"] }
  | { readonly kind: "failure"; readonly failure: { readonly name: string; readonly message: string } };

/** Does nothing: its answer shows that a thread lives and could load its code. */
export function ping(): void {}

export default function work(task: FitTask): FitAnswer {
  const { pool } = task;
  const what = task.kind === "bin" ? "binning" : task.algorithm;
  try {
    if (task.kind === "bin") return { kind: "bins", matrix: shareMatrix(binColumns(pool.columns, task.rows)) };
    if (task.kind === "body") return { kind: "body", body: fitFold(pool, task.fold, task.algorithm, task.options) };
    const { fold, algorithm, options } = task;
    if (fold) {
      const body = fitFold(pool, fold, algorithm, options);
      return { kind: "predictions", predictions: predictFold(pool, fold, algorithm, body), body: task.withBody ? body : null };
    }
    return { kind: "model", model: encodeModel(fitFinalModel(pool, algorithm, options)) };
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
