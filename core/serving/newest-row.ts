import type { FeatureRows } from "../models/feature-rows.ts";
import type { Interval } from "../vocabulary/interval.ts";

/** What a prediction is made from: the features of the newest candle (one value per column), and the candle. */
export interface NewestRow extends FeatureRows {
  readonly interval: Interval;
  /** of the candle, ms UTC */
  readonly openTime: number;
  readonly close: number;
  /** standard deviation of the one-candle log return; NaN where unknown */
  readonly volatility: number;
}
