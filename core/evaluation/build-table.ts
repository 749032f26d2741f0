import type { Scope } from "../vocabulary/model-names.ts";
import type { EvaluationTable } from "./evaluation-table.ts";
import type { Pool } from "./pool.ts";

export interface JudgedPredictions {
  readonly model: string;
  /** one value per pool row */
  readonly prediction: Float64Array;
  /** half-widths of the intervals; NaN where there is none */
  readonly halfWidth: Float64Array | null;
  readonly actual: Float64Array;
  readonly baseline: Float64Array;
}

/**
 * The table of every out-of-sample prediction of a group's models, model after model.
 *
 * @param rows the tested rows of the pool
 * @param fold of each of these rows
 */
export function buildTable(
  pool: Pool,
  { rows, fold, scope, models }: { rows: Int32Array; fold: Int32Array; scope: Scope; models: readonly JudgedPredictions[] },
): EvaluationTable {
  const n = rows.length * models.length;
  const table = {
    symbol: new Array<string>(n),
    openTime: new Float64Array(n),
    fold: new Int32Array(n),
    model: new Array<string>(n),
    scope: new Array<string>(n).fill(scope),
    prediction: new Float64Array(n),
    lower: new Float64Array(n),
    upper: new Float64Array(n),
    actual: new Float64Array(n),
    baseline: new Float64Array(n),
  };
  models.forEach(({ model, prediction, halfWidth, actual, baseline }, m) => {
    for (let i = 0; i < rows.length; i++) {
      const at = m * rows.length + i;
      const row = rows[i];
      const half = halfWidth ? halfWidth[row] : Number.NaN;
      table.symbol[at] = pool.symbols[pool.symbolIndex[row]];
      table.openTime[at] = pool.openTime[row];
      table.fold[at] = fold[i];
      table.model[at] = model;
      table.prediction[at] = prediction[row];
      table.lower[at] = prediction[row] - half;
      table.upper[at] = prediction[row] + half;
      table.actual[at] = actual[row];
      table.baseline[at] = baseline[row];
    }
  });
  return table;
}
