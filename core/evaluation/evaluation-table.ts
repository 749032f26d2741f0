/**
 * Out-of-sample predictions of one training, columnar: every column has as many values as `openTime`.
 * Regressors: `prediction`, `lower`, `upper`, `actual` and `baseline` are forward log returns.
 * Classifiers: `prediction` and `baseline` are probabilities of up, `actual` is 0 or 1. NaN is unknown, null in a file.
 */
export interface EvaluationTable {
  readonly symbol: readonly string[];
  /** open time of the last candle that the model saw, ms since the epoch, UTC */
  readonly openTime: Float64Array;
  /** number of the walk-forward fold, from 0 */
  readonly fold: Int32Array;
  readonly model: readonly string[];
  readonly scope: readonly string[];
  readonly prediction: Float64Array;
  /** lower end of the prediction interval; NaN where there is none */
  readonly lower: Float64Array;
  /** upper end of the prediction interval; NaN where there is none */
  readonly upper: Float64Array;
  readonly actual: Float64Array;
  readonly baseline: Float64Array;
}

/** What is predicted for which row. */
export type PredictionTable = Pick<EvaluationTable, "symbol" | "openTime" | "fold" | "prediction">;

/** The rows of an evaluation that is too large to be in memory as one table: parts of it are made when they are asked for. */
export interface EvaluationRows {
  readonly length: number;
  /** @returns rows `from … to − 1` */
  part(from: number, to: number): EvaluationTable;
}

/** A table of n rows to be filled in: all numbers are NaN. */
export function emptyTable(n: number) {
  const unknown = () => new Float64Array(n).fill(Number.NaN);
  return {
    symbol: new Array<string>(n),
    openTime: unknown(),
    fold: new Int32Array(n),
    model: new Array<string>(n),
    scope: new Array<string>(n),
    prediction: unknown(),
    lower: unknown(),
    upper: unknown(),
    actual: unknown(),
    baseline: unknown(),
  } satisfies EvaluationTable;
}
