import type { Scope } from "../vocabulary/model-names.ts";
import { type EvaluationRows, type EvaluationTable, emptyTable } from "./evaluation-table.ts";
import type { Pool } from "./pool.ts";

/** One model's predictions, with what they are judged by: one value per pool row each. */
export interface JudgedModel {
  readonly model: string;
  readonly prediction: Float64Array;
  /** half-widths of the intervals; NaN where there is none */
  readonly halfWidth: Float64Array | null;
  readonly actual: Float64Array;
  readonly baseline: Float64Array;
}

export interface JudgedInput {
  readonly pool: Pool;
  readonly scope: Scope;
  /** the tested rows of the pool */
  readonly rows: Int32Array;
  /** of each of these rows */
  readonly fold: Int32Array;
  readonly models: readonly JudgedModel[];
}

/** Every out-of-sample prediction of a group's models, model after model, each in the order of the tested rows. */
export interface JudgedPredictions extends EvaluationRows {
  /** @returns those of one coin */
  ofSymbol(symbol: string): EvaluationTable;
}

export function judgedPredictions({ pool, scope, rows, fold, models }: JudgedInput): JudgedPredictions {
  const write = (table: ReturnType<typeof emptyTable>, at: number, m: number, i: number) => {
    const { model, prediction, halfWidth, actual, baseline } = models[m];
    const row = rows[i];
    const half = halfWidth ? halfWidth[row] : Number.NaN;
    table.symbol[at] = pool.symbols[pool.symbolIndex[row]];
    table.openTime[at] = pool.openTime[row];
    table.fold[at] = fold[i];
    table.model[at] = model;
    table.scope[at] = scope;
    table.prediction[at] = prediction[row];
    table.lower[at] = prediction[row] - half;
    table.upper[at] = prediction[row] + half;
    table.actual[at] = actual[row];
    table.baseline[at] = baseline[row];
  };
  const places = placesBySymbol(pool, rows);
  return {
    length: rows.length * models.length,
    part(from, to) {
      const table = emptyTable(to - from);
      for (let at = from; at < to; at++) write(table, at - from, Math.floor(at / rows.length), at % rows.length);
      return table;
    },
    ofSymbol(symbol) {
      const own = places[pool.symbols.indexOf(symbol)] ?? new Int32Array();
      const table = emptyTable(own.length * models.length);
      for (let m = 0; m < models.length; m++) for (let i = 0; i < own.length; i++) write(table, m * own.length + i, m, own[i]);
      return table;
    },
  };
}

/** Which of some pool rows belong to each symbol: their places among `rows`, ascending. */
export function placesBySymbol({ symbols, symbolIndex }: Pick<Pool, "symbols" | "symbolIndex">, rows: Int32Array): Int32Array[] {
  const counts = new Int32Array(symbols.length);
  for (const row of rows) counts[symbolIndex[row]]++;
  const places = Array.from(counts, (count) => new Int32Array(count));
  const next = new Int32Array(symbols.length);
  rows.forEach((row, i) => {
    const coin = symbolIndex[row];
    places[coin][next[coin]++] = i;
  });
  return places;
}
