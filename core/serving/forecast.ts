import { z } from "zod";
import type { ConformalInterval } from "../manifests/manifest.ts";
import type { Task } from "../vocabulary/model-names.ts";

/** The close of a candle, and how far the price is expected to move from there. */
export interface PriceBasis {
  readonly close: number;
  /** volatility × √horizon, see {@link forecastScale} */
  readonly scale: number;
}

export const priceIntervalSchema = z
  .strictObject({ coverage: z.number(), lower: z.number(), upper: z.number() })
  .describe("prices between which the target's close lies with the given probability");
export type PriceInterval = Readonly<z.infer<typeof priceIntervalSchema>>;

/**
 * What outputs of regressors and widths of intervals are multiplied by: volatility × √horizon.
 *
 * @param volatility standard deviation of the one-candle log return
 * @param horizon candles ahead
 * @returns the expected size of the forward log return; NaN where the volatility is
 */
export function forecastScale(volatility: number, horizon: number): number {
  return volatility * Math.sqrt(horizon);
}

/**
 * A model's output as a forecast: a regressor's times the scale is a forward log return, a classifier's is a probability of up.
 *
 * @param scale see {@link forecastScale}
 */
export function forecastOf(task: Task, output: number, scale: number): number {
  return task === "classification" ? output : output * scale;
}

/**
 * Half-width of a conformal interval, as a log return.
 *
 * @param q quantile of past errors in units of the scale; null where there were too few
 * @returns NaN where q or the scale is unknown
 */
export function intervalHalfWidth(q: number | null, scale: number): number {
  return (q ?? Number.NaN) * scale;
}

/** The price after a log return, close × e^r. */
export function priceAfter(close: number, logReturn: number): number {
  return close * Math.exp(logReturn);
}

/** The relative change of the price by a log return, e^r − 1. */
export function priceChange(logReturn: number): number {
  return Math.expm1(logReturn);
}

/** The prices between which the target's close is expected; null where the interval is unknown. */
export function priceInterval(interval: ConformalInterval | null, logReturn: number, { close, scale }: PriceBasis): PriceInterval | null {
  if (!interval) return null;
  const half = intervalHalfWidth(interval.q, scale);
  if (!Number.isFinite(half)) return null;
  return { coverage: interval.coverage, lower: priceAfter(close, logReturn - half), upper: priceAfter(close, logReturn + half) };
}
