import type { Manifest, SymbolEntry } from "../../core/manifests/manifest.ts";
import type { SymbolReport } from "../../core/reports/report.ts";
import { explanationOfAnswers } from "../../core/reports/served-explanation.ts";
import type { EntryInputs } from "../../core/serving/entry-inputs.ts";
import { forecastSymbol } from "../../core/serving/forecast-symbol.ts";
import { quoteOf } from "../../core/vocabulary/quote.ts";

export interface ExpectedInput {
  readonly manifest: Manifest;
  readonly entry: SymbolEntry;
  readonly inputs: EntryInputs;
  readonly report: SymbolReport | null;
  /** version of the newest manifest, where the answer is an older one's */
  readonly insteadOf: string | null;
  /** ms UTC */
  readonly now: number;
  /** what doesn't follow from the manifest: the state of the service, and the address of the run's page */
  readonly given: { readonly service: unknown; readonly runUrl: unknown };
}

/** What `/symbol/{symbol}` has to answer, as JSON. */
export function expectedAnswer({ manifest, entry, inputs, report, insteadOf, now, given }: ExpectedInput): unknown {
  const forecast = forecastSymbol({ manifest, insteadOf, entry, ...inputs, now });
  const { interval, volatility } = inputs.row;
  return inAnswer({
    symbol: entry.symbol,
    simulated: entry.simulated,
    status: entry.status,
    staleReason: entry.staleReason,
    service: given.service,
    source: entry.source,
    quote: quoteOf(entry.source),
    interval,
    horizon: inputs.horizon,
    ...forecast,
    volatility: Number.isFinite(volatility) ? volatility : null,
    explanation: report && explanationOfAnswers(forecast, report),
    lineage: {
      manifest: manifest.version,
      entrySince: entry.since,
      publishedAt: manifest.createdAt,
      workflow: { id: manifest.workflow.id, runId: manifest.workflow.runId, url: given.runUrl },
      codeVersion: manifest.codeVersion,
      features: entry.features,
      evaluation: entry.evaluation,
      trainingDigest: entry.trainingDigest,
    },
  });
}

/** A value of the core with its fields named as answers name them, as it is once it was JSON. */
function inAnswer(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inAnswer);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(
    fields.map(([name, field]) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), inAnswer(field)]),
  );
}
