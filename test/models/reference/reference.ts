import { readFileSync } from "node:fs";
import type { BoostingParameters, ForestParameters } from "../../../core/models/hyperparameters.ts";
import type { TrainingSet } from "../../../core/models/training-set.ts";

/** What scikit-learn answered on one data set; scripts/record-reference.py wrote it. */
export interface Reference {
  readonly versions: Readonly<Record<string, string>>;
  readonly settings: { readonly boosting: BoostingParameters; readonly forest: ForestParameters };
  /** on all rows, standardised */
  readonly linear: readonly { readonly penalty: number; readonly intercept: number; readonly weights: readonly number[] }[];
  /** hold-out errors: RMSE, or the Brier score of classes */
  readonly splits: readonly {
    readonly seed: number;
    readonly test: readonly number[];
    readonly forest: number;
    readonly boosting: number;
  }[];
  readonly target: readonly number[];
  readonly columns: readonly (readonly number[])[];
}

export function readReference(name: string): Reference {
  return JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), "utf8"));
}

/** The rows of a data set that `keep` picks. */
export function pickRows({ columns, target }: Reference, keep: (row: number) => boolean): TrainingSet {
  const rows = target.map((_, row) => row).filter(keep);
  return {
    names: columns.map((_, f) => `x${f}`),
    columns: columns.map((column) => Float64Array.from(rows, (row) => column[row])),
    rows: rows.length,
    target: Float64Array.from(rows, (row) => target[row]),
  };
}
