import type { EvaluationTable } from "../../core/evaluation/evaluation-table.ts";
import type { Pool } from "../../core/evaluation/pool.ts";
import type { FoldPredictions } from "../../core/evaluation/run-fold.ts";
import type { FoldPlan } from "../../core/evaluation/walk-forward.ts";
import { SchemaMismatchError } from "../../core/vocabulary/errors.ts";
import type { AlgorithmName, Scope } from "../../core/vocabulary/model-names.ts";

/** One algorithm's out-of-sample predictions as a table; without intervals and baselines, which come with the assessment. */
export function tableFromPredictions(
  pool: Pool,
  folds: readonly FoldPlan[],
  parts: readonly FoldPredictions[],
  algorithm: AlgorithmName,
  scope: Scope,
): EvaluationTable {
  const n = parts.reduce((sum, { rows }) => sum + rows.length, 0);
  const table = {
    symbol: new Array<string>(n),
    openTime: new Float64Array(n),
    fold: new Int32Array(n),
    model: new Array<string>(n).fill(algorithm),
    scope: new Array<string>(n).fill(scope),
    prediction: new Float64Array(n),
    lower: new Float64Array(n).fill(Number.NaN),
    upper: new Float64Array(n).fill(Number.NaN),
    actual: new Float64Array(n),
    baseline: new Float64Array(n).fill(Number.NaN),
  };
  let at = 0;
  for (let fold = 0; fold < folds.length; fold++) {
    const { rows, prediction } = parts[fold];
    for (let i = 0; i < rows.length; i++, at++) {
      const row = rows[i];
      table.symbol[at] = pool.symbols[pool.symbolIndex[row]];
      table.openTime[at] = pool.openTime[row];
      table.fold[at] = fold;
      table.prediction[at] = prediction[i];
      table.actual[at] = pool.actual[row];
    }
  }
  return table;
}

/**
 * The reverse of {@link tableFromPredictions}: predictions by fold, as rows of the same pool.
 *
 * @throws {SchemaMismatchError} if the table names a row that the pool lacks
 */
export function predictionsFromTable(pool: Pool, folds: readonly FoldPlan[], table: EvaluationTable): FoldPredictions[] {
  const rowOf = new Map<string, number>();
  for (let row = 0; row < pool.openTime.length; row++) rowOf.set(`${pool.symbols[pool.symbolIndex[row]]} ${pool.openTime[row]}`, row);
  const parts = folds.map(() => ({ rows: [] as number[], prediction: [] as number[] }));
  for (let i = 0; i < table.openTime.length; i++) {
    const row = rowOf.get(`${table.symbol[i]} ${table.openTime[i]}`);
    const part = parts[table.fold[i]];
    if (row === undefined || !part) {
      throw new SchemaMismatchError(
        `prediction of ${table.symbol[i]} at ${table.openTime[i]}, fold ${table.fold[i]}, belongs to other data`,
      );
    }
    part.rows.push(row);
    part.prediction.push(table.prediction[i]);
  }
  return parts.map(({ rows, prediction }) => ({ rows: Int32Array.from(rows), prediction: Float64Array.from(prediction) }));
}
