import type { KeptForecast } from "./kept-forecast.ts";
import type { Outcome, Score, TargetCandle } from "./outcome.ts";

const UNSCORED: Score = {
  scoring: null,
  actualClose: null,
  actualLogReturn: null,
  error: null,
  absoluteError: null,
  squaredError: null,
  withinInterval: null,
  brier: null,
  baselineError: null,
  baselineAbsoluteError: null,
  baselineSquaredError: null,
  baselineBrier: null,
  scoredAt: null,
  candleFetchedAt: null,
  candleSource: null,
};

/** A forecast whose target candle is not stored. */
export function unscored(forecast: KeptForecast): Outcome {
  return { ...forecast, ...UNSCORED };
}

/**
 * Judges a forecast by its target candle. Nothing that is unknown counts as an error of 0.
 *
 * @param options `scoring`: how often it was judged, with this time; `scoredAt`: ms UTC
 */
export function scoreForecast(
  forecast: KeptForecast,
  { close, fetchedAt, source }: TargetCandle,
  { scoring, scoredAt }: { scoring: number; scoredAt: number },
): Outcome {
  const actual = finite(Math.log(close / (forecast.asOfClose ?? Number.NaN)));
  const error = difference(actual, forecast.logReturn);
  const baselineError = difference(actual, forecast.baselineLogReturn);
  const { lower, upper } = forecast;
  return {
    ...forecast,
    scoring,
    actualClose: close,
    actualLogReturn: actual,
    error,
    absoluteError: error === null ? null : Math.abs(error),
    squaredError: error === null ? null : error * error,
    withinInterval: lower === null || upper === null ? null : lower <= close && close <= upper,
    brier: brierOf(forecast.probabilityUp, actual),
    baselineError,
    baselineAbsoluteError: baselineError === null ? null : Math.abs(baselineError),
    baselineSquaredError: baselineError === null ? null : baselineError * baselineError,
    baselineBrier: brierOf(forecast.baselineProbabilityUp, actual),
    scoredAt,
    candleFetchedAt: fetchedAt,
    candleSource: source,
  };
}

function difference(actual: number | null, predicted: number | null): number | null {
  return actual === null || predicted === null ? null : actual - predicted;
}

/** A return of exactly 0 is not a rise, as in training. */
function brierOf(probabilityUp: number | null, actual: number | null): number | null {
  if (probabilityUp === null || actual === null) return null;
  const miss = probabilityUp - Number(actual > 0);
  return miss * miss;
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
