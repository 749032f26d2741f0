import { CandlecastError } from "../../core/errors.ts";
import type { Pool } from "../../core/evaluation/pool.ts";
import { type FitOptions, type FoldPredictions, fitFinalModel, runFold } from "../../core/evaluation/run-fold.ts";
import type { FoldPlan } from "../../core/evaluation/walk-forward.ts";
import type { AlgorithmName } from "../../core/manifests/manifest.ts";
import { encodeModel } from "../../core/models/model-file.ts";

export { explainNewest, measureImportance } from "./report-thread.ts";

/** What a thread does: one fold, or the final fit (`fold` null). The pool's arrays are shared, not copied. */
export interface FitTask extends FitOptions {
  readonly pool: Pool;
  readonly fold: FoldPlan | null;
  readonly algorithm: AlgorithmName;
}

/** An error's class is lost on the way between threads, so its name goes as a value. */
export type FitAnswer =
  | { readonly predictions: FoldPredictions }
  | { readonly model: Uint8Array }
  | { readonly failure: { readonly name: string; readonly message: string } };

export default function fit({ pool, fold, algorithm, ...options }: FitTask): FitAnswer {
  try {
    if (fold) return { predictions: runFold(pool, fold, algorithm, options) };
    return { model: encodeModel(fitFinalModel(pool, algorithm, options)) };
  } catch (error) {
    if (!(error instanceof CandlecastError)) throw error;
    return { failure: { name: error.name, message: `${algorithm} on ${pool.symbols.join(", ")}: ${error.message}` } };
  }
}
