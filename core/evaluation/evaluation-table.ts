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
