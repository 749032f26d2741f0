import { SchemaMismatchError } from "../vocabulary/errors.ts";
import type { AlgorithmName, Scope } from "../vocabulary/model-names.ts";
import { type EvaluationRows, emptyTable, type PredictionTable } from "./evaluation-table.ts";
import type { Pool } from "./pool.ts";
import type { FoldPredictions } from "./run-fold.ts";
import type { FoldPlan } from "./walk-forward.ts";

/**
 * One algorithm's out-of-sample predictions as an evaluation, fold after fold, each in the order of the pool's rows. Intervals
 * and baselines are unknown; the assessment adds them.
 */
export function rowsOfPredictions(
  pool: Pool,
  parts: readonly FoldPredictions[],
  { algorithm, scope }: { readonly algorithm: AlgorithmName; readonly scope: Scope },
): EvaluationRows {
  const length = parts.reduce((sum, { rows }) => sum + rows.length, 0);
  return {
    length,
    part(from, to) {
      const table = emptyTable(to - from);
      table.model.fill(algorithm);
      table.scope.fill(scope);
      let start = 0;
      parts.forEach(({ rows, prediction }, fold) => {
        for (let i = Math.max(0, from - start); i < Math.min(rows.length, to - start); i++) {
          const at = start + i - from;
          table.symbol[at] = pool.symbols[pool.symbolIndex[rows[i]]];
          table.openTime[at] = pool.openTime[rows[i]];
          table.fold[at] = fold;
          table.prediction[at] = prediction[i];
          table.actual[at] = pool.actual[rows[i]];
        }
        start += rows.length;
      });
      return table;
    },
  };
}

/**
 * The reverse of {@link rowsOfPredictions}: predictions by fold, as rows of the same pool. The evaluation holds the rows of
 * each fold in the pool's order, so its place gives a prediction's row; symbol and open time are checked.
 *
 * @param parts of the evaluation, one after the other
 * @throws {SchemaMismatchError} if it was made from another pool or other folds
 */
export async function predictionsFromParts(
  pool: Pool,
  folds: readonly FoldPlan[],
  parts: AsyncIterable<PredictionTable> | Iterable<PredictionTable>,
): Promise<FoldPredictions[]> {
  const found = folds.map(({ testFrom, testTo }) => ({
    rows: Int32Array.from({ length: testTo - testFrom }, (_, i) => testFrom + i),
    prediction: new Float64Array(testTo - testFrom),
  }));
  const expected = found.reduce((sum, { rows }) => sum + rows.length, 0);
  let at = 0;
  let fold = 0;
  let i = 0;
  for await (const part of parts) {
    for (let place = 0; place < part.openTime.length; place++, at++, i++) {
      while (fold < found.length && i === found[fold].rows.length) {
        fold++;
        i = 0;
      }
      if (fold === found.length) throw new SchemaMismatchError(`there are more predictions than the ${expected} rows of the folds`);
      checkRow(pool, part, place, { at, row: found[fold].rows[i], fold });
      found[fold].prediction[i] = part.prediction[place];
    }
  }
  if (at < expected) throw new SchemaMismatchError(`${at} predictions for ${expected} rows of the folds`);
  return found;
}

function checkRow(pool: Pool, table: PredictionTable, place: number, { at, row, fold }: { at: number; row: number; fold: number }): void {
  const symbol = pool.symbols[pool.symbolIndex[row]];
  const openTime = pool.openTime[row];
  if (table.symbol[place] === symbol && table.openTime[place] === openTime && table.fold[place] === fold) return;
  const found = `${table.symbol[place]} at ${table.openTime[place]} in fold ${table.fold[place]}`;
  throw new SchemaMismatchError(`prediction ${at} is of other data: expected ${symbol} at ${openTime} in fold ${fold}, found ${found}`);
}
