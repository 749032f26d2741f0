import { z } from "zod";
import type { CandleSeries } from "../candles/candle-series.ts";
import type { WalkForwardForecasts } from "../evaluation/walk-forward-forecasts.ts";
import { priceAfter } from "../serving/forecast.ts";
import type { DeepReadonly } from "../vocabulary/deep-readonly.ts";
import { intervalMs } from "../vocabulary/interval.ts";
import { BASELINES, MODELS, type Scope, type Task } from "../vocabulary/model-names.ts";
import { nullableNumberSchema, scopeSchema, taskSchema, timeSchema } from "../vocabulary/schemas.ts";
import type { TimeRange } from "../vocabulary/time-range.ts";
import { forecastId, type KeptForecast } from "./kept-forecast.ts";
import type { Outcome } from "./outcome.ts";

export const historyRowSchema = z.strictObject({
  openTime: timeSchema,
  closeTime: timeSchema,
  open: nullableNumberSchema.describe("null here and below: there is no such candle, or it isn't stored yet"),
  high: nullableNumberSchema,
  low: nullableNumberSchema,
  close: nullableNumberSchema,
  volume: nullableNumberSchema.describe("base units"),
  origin: z
    .enum(["live", "late", "walk_forward"])
    .nullable()
    .describe(
      "live: published before the candle closed; late: published afterwards, as by a run with its clock in the past; walk_forward: made afterwards, by a model that had seen only earlier candles, and never published; null: no forecast of this candle",
    ),
  task: taskSchema.nullable(),
  model: z.enum([...MODELS, ...BASELINES]).nullable(),
  scope: scopeSchema.nullable(),
  served: z.boolean().nullable().describe("whether it was the answer that was served; null where nothing was published"),
  withheldReasons: z.string().nullable().describe("why it was withheld, codes with commas between them; null where it wasn't"),
  logReturn: nullableNumberSchema,
  price: nullableNumberSchema,
  lower: nullableNumberSchema,
  upper: nullableNumberSchema,
  probabilityUp: nullableNumberSchema,
  baselineLogReturn: nullableNumberSchema,
  baselineProbabilityUp: nullableNumberSchema,
  actualLogReturn: nullableNumberSchema.describe("from the close that the forecast knew; null until the candle has closed"),
  error: nullableNumberSchema.describe("actual − predicted log return"),
  withinInterval: z.boolean().nullable(),
  brier: nullableNumberSchema.describe("(probability of up − whether it rose)²"),
  scoring: z.int().nullable().describe("2 or more: scored again after the candle was revised"),
  manifest: z.string().nullable(),
  publishedAt: timeSchema.nullable(),
});
/** A candle, and what was forecast of it. */
export type HistoryRow = DeepReadonly<z.infer<typeof historyRowSchema>>;

export interface HistoryInput {
  /** Only candles that opened in it. */
  readonly range: TimeRange;
  readonly candles: CandleSeries;
  /** candles ahead */
  readonly horizon: number;
  readonly outcomes: readonly Outcome[];
  readonly open: readonly KeptForecast[];
  readonly walkForward: readonly (WalkForwardForecasts & { readonly task: Task })[];
}

const NO_FORECAST = {
  origin: null,
  task: null,
  model: null,
  scope: null,
  served: null,
  withheldReasons: null,
  logReturn: null,
  price: null,
  lower: null,
  upper: null,
  probabilityUp: null,
  baselineLogReturn: null,
  baselineProbabilityUp: null,
  actualLogReturn: null,
  error: null,
  withinInterval: null,
  brier: null,
  scoring: null,
  manifest: null,
  publishedAt: null,
} as const;

type Forecast = Omit<HistoryRow, "openTime" | "closeTime" | "open" | "high" | "low" | "close" | "volume">;

/**
 * Candles and forecasts as rows, oldest first: one row per candle and forecast of it, one without a forecast where there is none.
 * Walk-forward forecasts stand only where their model had none published.
 */
export function historyRows({ range, candles, horizon, outcomes, open, walkForward }: HistoryInput): HistoryRow[] {
  const step = intervalMs(candles.interval);
  const rowOf = new Map(Array.from(candles.openTime, (time, row) => [time, row]));
  const byTarget = new Map<number, Forecast[]>();
  const published = new Set<string>();
  const add = (target: number, forecast: Forecast) => {
    if (target < range.from || target > range.to) return;
    byTarget.set(target, [...(byTarget.get(target) ?? []), forecast]);
  };
  const scored = new Set(outcomes.map(forecastId));
  for (const outcome of outcomes) {
    published.add(`${outcome.targetOpenTime} ${outcome.task}`);
    add(outcome.targetOpenTime, { ...liveForecast(outcome), ...scoresOf(outcome) });
  }
  for (const forecast of open) {
    if (scored.has(forecastId(forecast))) continue;
    published.add(`${forecast.targetOpenTime} ${forecast.task}`);
    add(forecast.targetOpenTime, liveForecast(forecast));
  }
  for (const { task, ...model } of walkForward) {
    for (let i = 0; i < model.openTime.length; i++) {
      const target = model.openTime[i] + horizon * step;
      if (published.has(`${target} ${task}`)) continue;
      const asOf = rowOf.get(model.openTime[i]);
      add(target, walkForwardForecast(task, model, i, asOf === undefined ? null : candles.close[asOf]));
    }
  }
  const times = new Set([...byTarget.keys(), ...candles.openTime].filter((time) => time >= range.from && time <= range.to));
  return [...times]
    .sort((a, b) => a - b)
    .flatMap((time) => {
      const candle = candleOf(candles, rowOf.get(time), time, step);
      return (byTarget.get(time) ?? [NO_FORECAST]).map((forecast) => ({ ...candle, ...forecast }));
    });
}

function candleOf(candles: CandleSeries, row: number | undefined, openTime: number, step: number) {
  const value = (column: Float64Array) => known(row === undefined ? Number.NaN : column[row]);
  return {
    openTime: iso(openTime),
    closeTime: iso(openTime + step),
    open: value(candles.open),
    high: value(candles.high),
    low: value(candles.low),
    close: value(candles.close),
    volume: value(candles.volume),
  };
}

function liveForecast(forecast: KeptForecast): Forecast {
  const { task, model, scope, served, withheldReasons, logReturn, price, lower, upper, probabilityUp, manifest } = forecast;
  const { baselineLogReturn, baselineProbabilityUp, publishedAt, targetCloseTime } = forecast;
  return {
    ...NO_FORECAST,
    origin: publishedAt < targetCloseTime ? "live" : "late",
    task,
    model,
    scope,
    served,
    withheldReasons,
    logReturn,
    price,
    lower,
    upper,
    probabilityUp,
    baselineLogReturn,
    baselineProbabilityUp,
    manifest,
    publishedAt: iso(publishedAt),
  };
}

function scoresOf({ actualLogReturn, error, withinInterval, brier, scoring }: Outcome) {
  return { actualLogReturn, error, withinInterval, brier, scoring };
}

function walkForwardForecast(task: Task, forecasts: WalkForwardForecasts, i: number, asOfClose: number | null): Forecast {
  const head = {
    ...NO_FORECAST,
    origin: "walk_forward",
    task,
    model: forecasts.model as HistoryRow["model"],
    scope: forecasts.scope as Scope,
  } as const;
  const predicted = known(forecasts.prediction[i]);
  const actual = known(forecasts.actual[i]);
  if (task === "classification") {
    const brier = predicted === null || actual === null ? null : (predicted - actual) ** 2;
    return { ...head, probabilityUp: predicted, baselineProbabilityUp: known(forecasts.baseline[i]), brier };
  }
  const [lower, upper] = [known(forecasts.lower[i]), known(forecasts.upper[i])];
  const priceOf = (logReturn: number | null) => (logReturn === null || asOfClose === null ? null : priceAfter(asOfClose, logReturn));
  return {
    ...head,
    logReturn: predicted,
    price: priceOf(predicted),
    lower: priceOf(lower),
    upper: priceOf(upper),
    baselineLogReturn: known(forecasts.baseline[i]),
    actualLogReturn: actual,
    error: predicted === null || actual === null ? null : actual - predicted,
    withinInterval: actual === null || lower === null || upper === null ? null : actual >= lower && actual <= upper,
  };
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
