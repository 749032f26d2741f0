import type { z } from "@hono/zod-openapi";
import { explanationOfAnswers } from "../core/reports/served-explanation.ts";
import type { ModelForecast } from "../core/serving/forecast-models.ts";
import { forecastSymbol } from "../core/serving/forecast-symbol.ts";
import { describeExplanation } from "./report-answer.ts";
import type { modelPrediction, prediction } from "./schemas.ts";
import type { LoadedSymbol, Served } from "./served.ts";

/**
 * The prediction for a symbol, as the API answers it.
 *
 * @param now ms UTC
 * @throws {SchemaMismatchError} if a model reads a feature that the row lacks
 */
export function predictSymbol({ manifest, models }: Served, loaded: LoadedSymbol, now: number): z.infer<typeof prediction> {
  const { entry, row, horizon } = loaded;
  const forecast = forecastSymbol({ manifest, entry, row, horizon, models, now });
  const { asOfCandle, targetCandle, direction, warnings } = forecast;
  const { report } = loaded.report;
  const explanation = report && explanationOfAnswers(forecast, report);
  return {
    symbol: entry.symbol,
    simulated: entry.simulated,
    source: entry.source,
    status: entry.status,
    stale_reason: entry.staleReason,
    interval: row.interval,
    horizon,
    as_of_candle: { open_time: asOfCandle.openTime, close_time: asOfCandle.closeTime, close: asOfCandle.close },
    target_candle: { open_time: targetCandle.openTime, close_time: targetCandle.closeTime },
    prediction: {
      served_by: forecast.prediction.servedBy,
      scope: forecast.prediction.scope,
      label: forecast.prediction.label,
      reasons: [...forecast.prediction.reasons],
      price: forecast.prediction.price,
      log_return: forecast.prediction.logReturn,
      interval: forecast.prediction.interval,
    },
    direction: {
      served_by: direction.servedBy,
      scope: direction.scope,
      label: direction.label,
      reasons: [...direction.reasons],
      probability_up: direction.probabilityUp,
    },
    explanation: explanation && describeExplanation(explanation),
    warnings: [...warnings],
    models: forecast.models.map(describeForecast),
    lineage: {
      manifest: manifest.version,
      entry_since: entry.since,
      workflow: { id: manifest.workflow.id, run_id: manifest.workflow.runId, url: null },
      code_version: manifest.codeVersion,
      features: entry.features,
      evaluation: entry.evaluation,
      training_digest: entry.trainingDigest,
    },
  };
}

function describeForecast({ name, scope, task, role, reason, logReturn, price, interval, probabilityUp, file }: ModelForecast) {
  return {
    name,
    scope,
    task,
    role,
    reason,
    log_return: logReturn,
    price,
    interval,
    probability_up: probabilityUp,
    file,
  } satisfies z.infer<typeof modelPrediction>;
}
