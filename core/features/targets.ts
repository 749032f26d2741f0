import { logRatio } from "../indicators/log-ratio.ts";
import { InvalidInputError } from "../vocabulary/errors.ts";

/**
 * Forward log return, ln(close[t + h] / close[t]).
 *
 * @param close n closing prices in quote currency, oldest first
 * @param horizon h, in candles, at least 1
 * @returns n values; the last h are NaN because their future is unknown
 * @throws {InvalidInputError} if a price is not finite and positive, or the horizon not a whole number of at least 1
 */
export function forwardLogReturn(close: Float64Array, horizon: number): Float64Array {
  checkHorizon(horizon);
  const wrong = close.findIndex((price) => !(price > 0 && Number.isFinite(price)));
  if (wrong >= 0) throw new InvalidInputError(`close ${close[wrong]} in row ${wrong} is not finite and positive`);
  return close.map((price, i) => (i + horizon < close.length ? Math.log(close[i + horizon] / price) : Number.NaN));
}

/**
 * Forward log return by time, not by row: ln(close at openTime + h × step / close now), where h × step later there is a
 * candle. A gap thus never makes a return of more candles than it says.
 *
 * @param openTime n open times, ms UTC, strictly ascending
 * @param close n closing prices in quote currency; one that is not finite and positive counts as unknown
 * @param horizon h, in candles, at least 1
 * @param stepMs length of a candle
 * @returns n values; NaN where that very candle is missing, not yet known, or either price is unknown
 * @throws {InvalidInputError} if the horizon is not a whole number of at least 1, or the columns differ in length
 */
export function forwardLogReturnAt(openTime: Float64Array, close: Float64Array, horizon: number, stepMs: number): Float64Array {
  checkHorizon(horizon);
  if (openTime.length !== close.length) throw new InvalidInputError(`${openTime.length} open times go with ${close.length} closes`);
  let later = 0;
  return close.map((price, i) => {
    const target = openTime[i] + horizon * stepMs;
    while (later < openTime.length && openTime[later] < target) later++;
    return openTime[later] === target ? logRatio(close[later], price) : Number.NaN;
  });
}

function checkHorizon(horizon: number): void {
  if (!Number.isInteger(horizon) || horizon < 1) throw new InvalidInputError(`horizon ${horizon} is not a whole number of at least 1`);
}
