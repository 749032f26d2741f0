import { compareForecasts, forecastId, type KeptForecast } from "./kept-forecast.ts";
import type { Outcome, TargetCandle } from "./outcome.ts";
import { scoreForecast, unscored } from "./score-forecast.ts";

export interface OutcomesUpdate {
  /** Forecasts whose target candles should have closed; those that are known already are passed over. */
  readonly forecasts: readonly KeptForecast[];
  /** The stored candle of an open time; null where there is none. */
  readonly candleAt: (openTime: number) => TargetCandle | null;
  /** ms UTC */
  readonly now: number;
}

export interface UpdatedOutcomes {
  /** ordered by target, forecast and scoring */
  readonly outcomes: readonly Outcome[];
  /** Forecasts that were not known before. */
  readonly added: number;
  /** Forecasts that got their first score. */
  readonly scored: number;
  /** Forecasts that got another score, because the candle's close was revised. */
  readonly rescored: number;
  /** Forecasts that still have no candle; one that was withheld waits for none. */
  readonly waiting: number;
}

/**
 * Adds forecasts to the outcomes of a coin, and scores all that can be scored. A forecast without its candle stands there without
 * a score until the candle is stored, be it never; one that was withheld never gets a score. Once scored, its row stays; a revised
 * close adds another row beside it. The same update a second time changes nothing.
 */
export function updateOutcomes(stored: readonly Outcome[], { forecasts, candleAt, now }: OutcomesUpdate): UpdatedOutcomes {
  const scorings: Map<string, readonly Outcome[]> = Map.groupBy(stored, forecastId);
  const counts = { added: 0, scored: 0, rescored: 0, waiting: 0 };
  for (const forecast of forecasts) {
    const id = forecastId(forecast);
    if (scorings.has(id)) continue;
    scorings.set(id, [unscored(forecast)]);
    counts.added++;
  }
  const outcomes: Outcome[] = [];
  for (const rows of scorings.values()) {
    const last = rows[rows.length - 1];
    const isWithheld = last.withheldReasons !== null;
    const candle = isWithheld ? null : candleAt(last.targetOpenTime);
    if (isWithheld) outcomes.push(...rows);
    else if (!candle) {
      if (last.scoring === null) counts.waiting++;
      outcomes.push(...rows);
    } else if (last.scoring === null) {
      counts.scored++;
      outcomes.push(scoreForecast(last, candle, { scoring: 1, scoredAt: now }));
    } else if (last.actualClose !== candle.close) {
      counts.rescored++;
      outcomes.push(...rows, scoreForecast(last, candle, { scoring: last.scoring + 1, scoredAt: now }));
    } else outcomes.push(...rows);
  }
  return { ...counts, outcomes: outcomes.sort((a, b) => compareForecasts(a, b) || (a.scoring ?? 0) - (b.scoring ?? 0)) };
}
