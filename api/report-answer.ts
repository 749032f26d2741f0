import { z } from "@hono/zod-openapi";
import type { Manifest, SymbolEntry } from "../core/manifests/manifest.ts";
import { type SymbolReport, symbolReportSchema } from "../core/reports/report.ts";
import { verdictOf } from "../core/reports/verdict.ts";
import { answerSchema } from "./answer-schema.ts";
import { describeModel } from "./describe-model.ts";
import { entryHead, explanation, judgedModel, version } from "./schemas.ts";

export const reportHtml = z.string().openapi("ReportPage");

const stored = symbolReportSchema.shape;

export const reportAnswer = z
  .object({
    manifest: version,
    entry_since: version,
    ...entryHead,
    verdict: z.object({ price: z.string(), direction: z.string() }).openapi({ description: "who is served and why, in words" }),
    scope: stored.scope,
    interval: stored.interval,
    horizon: stored.horizon,
    tested: answerSchema(stored.tested),
    regressor: stored.regressor,
    classifier: stored.classifier,
    predicted_against_actual: answerSchema(stored.predictedAgainstActual),
    cumulative_skill: answerSchema(stored.cumulativeSkill),
    calibration: answerSchema(stored.calibration),
    coverage: answerSchema(stored.coverage),
    importance: answerSchema(stored.importance),
    explanation,
    models: z.array(judgedModel),
  })
  .openapi("Report");

/** A report as the API answers it, with what the manifest says of the symbol. */
export function describeReport(manifest: Manifest, entry: SymbolEntry, report: SymbolReport): z.infer<typeof reportAnswer> {
  const { predictedAgainstActual, cumulativeSkill } = report;
  return {
    manifest: manifest.version,
    entry_since: entry.since,
    symbol: entry.symbol,
    simulated: entry.simulated,
    status: entry.status,
    stale_reason: entry.staleReason,
    verdict: verdictOf(entry.symbol, entry.models),
    scope: report.scope,
    interval: report.interval,
    horizon: report.horizon,
    tested: report.tested,
    regressor: report.regressor,
    classifier: report.classifier,
    predicted_against_actual: writable(predictedAgainstActual),
    cumulative_skill: writable(cumulativeSkill),
    calibration: writable(report.calibration),
    coverage: writable(report.coverage),
    importance: writable(report.importance),
    explanation: describeExplanation(report.explanation),
    models: entry.models.map(describeModel),
  };
}

export function describeExplanation({ heldOut, ...rest }: SymbolReport["explanation"]): z.infer<typeof explanation> {
  return { ...rest, held_out: heldOut };
}

type Writable<T> = T extends object ? { -readonly [K in keyof T]: Writable<T[K]> } : T;

/** The same value; answers are typed as writable, and nobody writes to them. */
function writable<T>(value: T): Writable<T> {
  return value as Writable<T>;
}
