import { z } from "@hono/zod-openapi";
import type { Manifest, SymbolEntry } from "../../core/manifests/manifest.ts";
import { type SymbolReport, symbolReportSchema } from "../../core/reports/report.ts";
import { verdictOf } from "../../core/reports/verdict.ts";
import { answerShape, answerValue } from "./answer-schema.ts";
import { components, entryHead, entryHeadSchema, judgedModel, judgedModelSchema, version } from "./schemas.ts";

export const reportHtml = z.string().openapi("ReportPage");

/** What is answered of a stored report; the entry's head has its symbol. */
const answeredSchema = symbolReportSchema.omit({ schema: true, symbol: true, simulated: true });

export const reportAnswer = z
  .object({
    manifest: version,
    entry_since: version,
    ...entryHead,
    verdict: z
      .object({ price: z.string(), direction: z.string() })
      .openapi({ description: "which models or baselines are served and why, in words" }),
    ...answerShape(answeredSchema, components),
    models: z.array(judgedModel),
  })
  .openapi("Report");

/** A report as the API answers it, together with the symbol's entry in the manifest. */
export function describeReport(manifest: Manifest, entry: SymbolEntry, report: SymbolReport): z.infer<typeof reportAnswer> {
  return {
    manifest: manifest.version,
    entry_since: entry.since,
    ...answerValue(entryHeadSchema, entry),
    verdict: verdictOf(entry.symbol, entry.models),
    ...answerValue(answeredSchema, report),
    models: answerValue(z.array(judgedModelSchema), entry.models),
  };
}
