import { z } from "@hono/zod-openapi";
import type { Manifest, SymbolEntry } from "../core/manifests/manifest.ts";
import type { SymbolReport } from "../core/reports/report.ts";
import { servedExplanation, verdictOf } from "../core/reports/verdict.ts";
import { describeModel } from "./describe-model.ts";
import { explanation, judgedModel, modelName, number, scope, time, version } from "./schemas.ts";
import type { LoadedSymbol } from "./served.ts";

const curve = z.object({
  model: modelName,
  bins: z.array(z.object({ n: z.int(), predicted: z.number(), actual: z.number(), lower: number, upper: number })),
});

export const reportHtml = z.string().openapi("ReportPage");

export const reportAnswer = z
  .object({
    manifest: version,
    entry_since: version,
    symbol: z.string(),
    simulated: z.boolean(),
    status: z.enum(["fresh", "stale"]),
    stale_reason: z.string().nullable(),
    verdict: z.object({ price: z.string(), direction: z.string() }).openapi({ description: "who is served and why, in words" }),
    scope,
    interval: z.enum(["1d", "1h", "1m"]),
    horizon: z.int(),
    tested: z.object({ from: time, to: time, candles: z.int() }),
    regressor: modelName.openapi({ description: "the champion, or else the regressor with the most skill" }),
    classifier: modelName,
    predicted_against_actual: curve.openapi({ description: "predictions in groups of equal size against what came true; log returns" }),
    cumulative_skill: z
      .object({
        dates: z.array(time),
        models: z.array(z.object({ model: modelName, baseline: z.enum(["no_change", "class_prior"]), skill: z.array(number) })),
      })
      .openapi({ description: "skill of all predictions up to each date" }),
    calibration: z.array(curve).openapi({ description: "stated chance of a rise against the share of rises" }),
    coverage: z.object({
      model: modelName,
      nominal: z.number(),
      folds: z.array(z.object({ fold: z.int(), from: time, to: time, n: z.int(), covered: z.int() })),
    }),
    importance: z
      .object({
        model: modelName,
        loss: z.enum(["rmse", "brier"]),
        from: time,
        to: time,
        rows: z.int(),
        repeats: z.int(),
        features: z.array(z.object({ name: z.string(), increase: z.number(), deviation: z.number() })),
      })
      .nullable()
      .openapi({ description: "relative increase of the loss on the last fold when a feature is shuffled" }),
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

function describeExplanation({ heldOut, ...rest }: SymbolReport["explanation"]): z.infer<typeof explanation> {
  return { ...rest, held_out: heldOut };
}

/** What a prediction says of its reasons; null where no model serves, or nothing was written about it. */
export function explanationOf({ entry, report: { report } }: LoadedSymbol): z.infer<typeof explanation> | null {
  const served = report && servedExplanation(entry.models, report);
  return served && describeExplanation(served);
}

type Writable<T> = T extends object ? { -readonly [K in keyof T]: Writable<T[K]> } : T;

/** The same value; answers are typed as writable, and nobody writes to them. */
function writable<T>(value: T): Writable<T> {
  return value as Writable<T>;
}
