import type { KeptForecast } from "../../core/scoring/kept-forecast.ts";

export const DAY = 86_400_000;
export const FIRST_DAY = Date.parse("2020-06-01T00:00:00Z");

/** A forecast of BTC's close of 2020-06-01, published at one o'clock of that day, with changes. */
export function keptForecast(change: Partial<KeptForecast> = {}): KeptForecast {
  return {
    symbol: "BTC",
    interval: "1d",
    horizon: 1,
    asOfOpenTime: FIRST_DAY - DAY,
    asOfClose: 100,
    targetOpenTime: FIRST_DAY,
    targetCloseTime: FIRST_DAY + DAY,
    task: "regression",
    model: "ensemble",
    scope: "pooled",
    role: "champion",
    served: true,
    withheldReasons: null,
    logReturn: 0.01,
    price: 100 * Math.exp(0.01),
    lower: 95,
    upper: 107,
    coverage: 0.9,
    probabilityUp: null,
    baselineLogReturn: 0,
    baselineProbabilityUp: null,
    source: "binance",
    simulated: false,
    manifest: "20200601T010000Z-1a2b3c4d",
    entrySince: "20200601T010000Z-1a2b3c4d",
    trainingDigest: "ab".repeat(32),
    featureDigest: "cd".repeat(32),
    modelSha256: null,
    publishedAt: FIRST_DAY + DAY / 24,
    runId: "run-1",
    ...change,
  };
}

/** The same for the direction: the probability that BTC rises. */
export function keptDirection(change: Partial<KeptForecast> = {}): KeptForecast {
  return keptForecast({
    task: "classification",
    model: "logistic_regression",
    logReturn: null,
    price: null,
    lower: null,
    upper: null,
    coverage: null,
    probabilityUp: 0.6,
    baselineLogReturn: null,
    baselineProbabilityUp: 0.52,
    ...change,
  });
}

/** The same forecast a number of days later, in a manifest of its own. */
export function onDay(day: number, forecast: KeptForecast): KeptForecast {
  const later = (time: number) => time + day * DAY;
  const publishedAt = later(forecast.publishedAt);
  const second = new Date(publishedAt).toISOString().replace(/[-:]|\.\d+/g, "");
  return {
    ...forecast,
    asOfOpenTime: later(forecast.asOfOpenTime),
    targetOpenTime: later(forecast.targetOpenTime),
    targetCloseTime: later(forecast.targetCloseTime),
    publishedAt,
    manifest: `${second}-1a2b3c4d`,
  };
}
