import type { KeptForecast } from "./kept-forecast.ts";

/** A candle that a forecast was about, as it is stored now. */
export interface TargetCandle {
  readonly close: number;
  /** ms UTC */
  readonly fetchedAt: number;
  readonly source: string;
}

/** What a candle makes of a forecast. All is null while the candle is not stored, and of a forecast that was withheld. */
export interface Score {
  /** 1 for the first scoring, 2 after the candle's close was revised, and so on; the last is the current one */
  readonly scoring: number | null;
  readonly actualClose: number | null;
  /** from the as-of close as it was published; null where that is unknown */
  readonly actualLogReturn: number | null;
  /** actual − predicted log return */
  readonly error: number | null;
  readonly absoluteError: number | null;
  readonly squaredError: number | null;
  /** whether the actual close lies in the interval, ends included; null without an interval */
  readonly withinInterval: boolean | null;
  /** (probability of up − whether it rose)² */
  readonly brier: number | null;
  readonly baselineError: number | null;
  readonly baselineAbsoluteError: number | null;
  readonly baselineSquaredError: number | null;
  readonly baselineBrier: number | null;
  /** ms UTC */
  readonly scoredAt: number | null;
  /** ms UTC */
  readonly candleFetchedAt: number | null;
  readonly candleSource: string | null;
}

/** A forecast whose target candle should have closed, with its score. */
export interface Outcome extends KeptForecast, Score {}
