import { logRatio } from "../indicators/log-ratio.ts";
import { InvalidInputError } from "../vocabulary/errors.ts";

/**
 * Forward log return by time, not by row: ln(close at openTime + h × step / close now), where there is a candle h × step
 * later. So a gap never turns into a return over more candles than the horizon.
 *
 * @param openTime n open times, ms UTC, strictly ascending
 * @param close n closing prices in quote currency; one that is not finite and positive counts as unknown
 * @param horizon h, in candles, at least 1
 * @param stepMs length of a candle
 * @returns n values; NaN where that candle is missing or not yet known, or where either price is unknown
 * @throws {InvalidInputError} if the horizon is not a whole number of at least 1, or the columns differ in length
 */
export function forwardLogReturnAt(openTime: Float64Array, close: Float64Array, horizon: number, stepMs: number): Float64Array {
  if (!Number.isInteger(horizon) || horizon < 1) throw new InvalidInputError(`horizon ${horizon} is not a whole number of at least 1`);
  if (openTime.length !== close.length) throw new InvalidInputError(`there are ${openTime.length} open times, but ${close.length} closes`);
  let later = 0;
  return close.map((price, i) => {
    const target = openTime[i] + horizon * stepMs;
    while (later < openTime.length && openTime[later] < target) later++;
    return openTime[later] === target ? logRatio(close[later], price) : Number.NaN;
  });
}
