import { SchemaMismatchError } from "../vocabulary/errors.ts";
import type { AlgorithmName, Scope } from "../vocabulary/model-names.ts";
import type { EvaluationTable } from "./evaluation-table.ts";
import type { Pool } from "./pool.ts";
import type { FoldPredictions } from "./run-fold.ts";
import type { FoldPlan } from "./walk-forward.ts";

/**
 * One algorithm's out-of-sample predictions as a table, fold after fold, each in the order of the pool's rows. Intervals and
 * baselines are unknown; the assessment adds them.
 */
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
 * The reverse of {@link tableFromPredictions}: predictions by fold, as rows of the same pool. The table holds the rows of
 * each fold in the pool's order, so its place in the table gives a prediction's row; symbol and open time are checked.
 *
 * @throws {SchemaMismatchError} if the table was made from another pool or other folds
 */
export function predictionsFromTable(pool: Pool, folds: readonly FoldPlan[], table: EvaluationTable): FoldPredictions[] {
  let at = 0;
  const parts = folds.map(({ testFrom, testTo }, fold) => {
    const rows = Int32Array.from({ length: testTo - testFrom }, (_, i) => testFrom + i);
    for (const row of rows) checkRow(pool, table, at++, { row, fold });
    return { rows, prediction: table.prediction.slice(at - rows.length, at) };
  });
  if (at !== table.openTime.length) throw new SchemaMismatchError(`${table.openTime.length} predictions for ${at} rows of the folds`);
  return parts;
}

function checkRow(pool: Pool, table: EvaluationTable, at: number, { row, fold }: { row: number; fold: number }): void {
  const symbol = pool.symbols[pool.symbolIndex[row]];
  const openTime = pool.openTime[row];
  if (table.symbol[at] === symbol && table.openTime[at] === openTime && table.fold[at] === fold) return;
  const found =
    at < table.openTime.length ? `${table.symbol[at]} at ${table.openTime[at]} in fold ${table.fold[at]}` : "the end of the table";
  throw new SchemaMismatchError(`prediction ${at} is of other data: expected ${symbol} at ${openTime} in fold ${fold}, found ${found}`);
}
