import { z } from "@hono/zod-openapi";
import type { CandleSeries } from "../../core/candles/candle-series.ts";
import { cleanCandles } from "../../core/candles/clean-candles.ts";
import { continuousSeries } from "../../core/candles/suspect-jumps.ts";
import { computeFeatures } from "../../core/features/compute-features.ts";
import { newestRow } from "../../core/serving/entry-inputs.ts";
import { forecastSymbol, symbolForecastSchema } from "../../core/serving/forecast-symbol.ts";
import { InvalidInputError } from "../../core/vocabulary/errors.ts";
import { intervalMs } from "../../core/vocabulary/interval.ts";
import { horizonSchema, intervalSchema } from "../../core/vocabulary/schemas.ts";
import type { LoadedSymbol, Served } from "../served/served.ts";
import { answerShape, answerValue } from "./answer-schema.ts";
import { components, time, version } from "./schemas.ts";

/** So many candles of one day each are 27 years. */
const MOST_CANDLES = 10_000;

const price = z.number().positive();

export const candlesBody = z
  .strictObject({
    candles: z
      .array(
        z.strictObject({
          open_time: z.union([time, z.int().min(0).max(8_640_000_000_000_000)]).openapi({ description: "ISO 8601, or ms UTC" }),
          open: price,
          high: price,
          low: price,
          close: price,
          volume: z.number().min(0).openapi({ description: "base units" }),
          quote_volume: z.number().min(0).nullable().optional().openapi({ description: "null or not there: unknown" }),
          market_cap: z.number().min(0).nullable().optional().openapi({ description: "null or not there: unknown" }),
        }),
      )
      .min(1)
      .max(MOST_CANDLES),
  })
  .openapi("CandlesToPredictFrom");

export const predictedAnswer = z
  .object({
    symbol: z.string(),
    manifest: version,
    interval: intervalSchema,
    horizon: horizonSchema,
    candles: z.int().openapi({ description: "how many were used" }),
    ...answerShape(symbolForecastSchema, components),
    volatility: z.number().nullable(),
  })
  .openapi("PredictionFromCandles");

/**
 * What a coin's models predict from the caller's candles: the same as the pipeline's, from the same candles. They are taken to have
 * closed, and to be the newest there are.
 *
 * @throws {InvalidInputError} naming the first candle that can't be used
 */
export function predictCandles(
  { models }: Served,
  { entry, manifest, row: served, horizon }: LoadedSymbol,
  { candles }: z.infer<typeof candlesBody>,
): z.infer<typeof predictedAnswer> {
  const { series } = continuousSeries(seriesOf(candles, { symbol: entry.symbol, interval: served.interval }));
  const row = newestRow(entry, computeFeatures(series));
  const now = row.openTime + intervalMs(served.interval);
  const clock = new Date(now).toISOString();
  const forecast = forecastSymbol({ manifest: { asOf: clock, createdAt: clock }, entry, row, horizon, models, now });
  return {
    symbol: entry.symbol,
    manifest: manifest.version,
    interval: served.interval,
    horizon,
    candles: series.length,
    ...answerValue(symbolForecastSchema, forecast),
    volatility: Number.isFinite(row.volatility) ? row.volatility : null,
  };
}

function seriesOf(
  candles: z.infer<typeof candlesBody>["candles"],
  { symbol, interval }: Pick<CandleSeries, "symbol" | "interval">,
): CandleSeries {
  const rows = candles.map(({ open_time, quote_volume = null, market_cap = null, ...prices }) => ({
    ...prices,
    openTime: typeof open_time === "number" ? open_time : Date.parse(open_time),
    quoteVolume: quote_volume,
    marketCap: market_cap,
  }));
  const asOf = rows.reduce((last, { openTime }) => Math.max(last, openTime), 0) + intervalMs(interval);
  const cleaned = cleanCandles(rows, { symbol, interval, asOf, source: "the request", fetchedAt: asOf });
  const [rejected] = cleaned.rejectedRows;
  if (rejected) throw new InvalidInputError(`the candle of ${timeWords(rejected.openTime)} can't be used: ${rejected.reason}`);
  if (cleaned.dropped["duplicate-differs"]) throw new InvalidInputError("two candles of the same time differ");
  if (cleaned.series.length === 0) throw new InvalidInputError("there is no candle with a price");
  return cleaned.series;
}

function timeWords(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}
