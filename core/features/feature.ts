import type { CandleSeries } from "../candles/candle-series.ts";

/**
 * One input of the models: a number per candle that depends on that candle and earlier ones only, and not on the unit of
 * prices or volumes. What is undefined is NaN, never infinite. Windows go by rows; gaps are not filled.
 */
export interface FeatureDefinition {
  /** snake_case, unique in its set */
  readonly name: string;
  /** Candles needed before the one with the first value: rows 0 to lookback - 1 are NaN. */
  readonly lookback: number;
  /** Raised whenever the values for the same candles change. */
  readonly version: number;
  /** n values for n candles. */
  readonly compute: (series: CandleSeries) => Float64Array;
}
