import type { z } from "@hono/zod-openapi";
import { explanationSchema } from "../../core/reports/report.ts";
import { explanationOfAnswers } from "../../core/reports/served-explanation.ts";
import { type SymbolForecast, symbolForecastSchema } from "../../core/serving/forecast-symbol.ts";
import { quoteOf } from "../../core/vocabulary/quote.ts";
import type { LoadedSymbol } from "../served/served.ts";
import type { ServiceState } from "../served/service-state.ts";
import { answerValue } from "./answer-schema.ts";
import { entryHeadSchema, type prediction } from "./schemas.ts";

export type Prediction = z.infer<typeof prediction>;

export interface PredictionInput {
  readonly loaded: LoadedSymbol;
  readonly forecast: SymbolForecast;
  readonly service: ServiceState;
  /** address of the run's page in the Temporal Web UI; null if it is unknown */
  readonly runUrl: string | null;
}

/** The prediction for a symbol, as the API answers it. */
export function describePrediction({ loaded, forecast, service, runUrl }: PredictionInput): Prediction {
  const { entry, manifest, row, horizon } = loaded;
  const { report } = loaded.report;
  const explanation = report && explanationOfAnswers(forecast, report);
  return {
    ...answerValue(entryHeadSchema, entry),
    service,
    source: entry.source,
    quote: quoteOf(entry.source),
    interval: row.interval,
    horizon,
    ...answerValue(symbolForecastSchema, forecast),
    volatility: Number.isFinite(row.volatility) ? row.volatility : null,
    explanation: explanation && answerValue(explanationSchema, explanation),
    lineage: {
      manifest: manifest.version,
      entry_since: entry.since,
      published_at: manifest.createdAt,
      workflow: { id: manifest.workflow.id, run_id: manifest.workflow.runId, url: runUrl },
      code_version: manifest.codeVersion,
      features: entry.features,
      evaluation: entry.evaluation,
      training_digest: entry.trainingDigest,
    },
  };
}
