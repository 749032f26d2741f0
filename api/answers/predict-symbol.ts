import type { z } from "@hono/zod-openapi";
import { explanationSchema } from "../../core/reports/report.ts";
import { explanationOfAnswers } from "../../core/reports/served-explanation.ts";
import { forecastSymbol, symbolForecastSchema } from "../../core/serving/forecast-symbol.ts";
import type { LoadedSymbol, Served } from "../served/served.ts";
import { answerValue } from "./answer-schema.ts";
import { entryHeadSchema, type prediction } from "./schemas.ts";

/**
 * The prediction for a symbol, as the API answers it.
 *
 * @param now ms UTC
 * @throws {SchemaMismatchError} if a model reads a feature that the row lacks
 */
export function predictSymbol({ manifest, models }: Served, loaded: LoadedSymbol, now: number): z.infer<typeof prediction> {
  const { entry, row, horizon } = loaded;
  const forecast = forecastSymbol({ manifest, entry, row, horizon, models, now });
  const { report } = loaded.report;
  const explanation = report && explanationOfAnswers(forecast, report);
  return {
    ...answerValue(entryHeadSchema, entry),
    source: entry.source,
    interval: row.interval,
    horizon,
    ...answerValue(symbolForecastSchema, forecast),
    explanation: explanation && answerValue(explanationSchema, explanation),
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
