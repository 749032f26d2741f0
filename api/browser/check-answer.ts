import type { FeatureMatrix } from "../../core/features/feature-matrix.ts";
import type { Manifest, SymbolEntry } from "../../core/manifests/manifest.ts";
import { decodeModel } from "../../core/models/file/model-file.ts";
import { parseReport } from "../../core/reports/parse-report.ts";
import { entryInputs } from "../../core/serving/entry-inputs.ts";
import { compareJson } from "./compare-json.ts";
import { expectedAnswer } from "./expected-answer.ts";
import type { ServedAnswer } from "./served-answer.ts";
import { compared, type Difference, type Step, unchecked } from "./step.ts";

export interface AnswerCheck {
  readonly manifest: Manifest;
  readonly entry: SymbolEntry;
  readonly answer: ServedAnswer;
  /** what is forecast from; null where neither candles nor features are the published ones */
  readonly matrix: FeatureMatrix | null;
  /** the published files by key: models, and the report */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** ms UTC */
  readonly now: number;
}

const NAMES = { forecasts: "forecasts", answer: "answer" } as const;
const OF_ANSWER = "the served answer, made again, field by field";

/** Makes the served answer again, and compares each model's forecast and all the rest with what was served. */
export function checkAnswer(input: AnswerCheck): Step[] {
  const { entry, answer, matrix, files } = input;
  const ofModels = `the forecasts of ${entry.models.length} models, made again, against the served ones`;
  const none = (why: string) => [unchecked(NAMES.forecasts, ofModels, why), unchecked(NAMES.answer, OF_ANSWER, why)];
  if (!matrix) return none("Neither candles nor features are there to forecast from.");
  if (entry.models.some(({ file }) => file && !files.has(file.key))) return none("A model file is not the published one.");
  const path = `/symbol/${entry.symbol}`;
  try {
    const differences = compareJson(remake({ ...input, matrix }), answer.json).map((found) => ({ ...found, of: `${path}: ${found.of}` }));
    const isModel = ({ of }: Difference) => of.startsWith(`${path}: models`);
    const hasReport = entry.report === null || files.has(entry.report.key);
    const isKnown = ({ of }: Difference) => hasReport || !of.startsWith(`${path}: explanation`);
    const rest = differences.filter((difference) => !isModel(difference) && isKnown(difference));
    if (differences.length === 0 && JSON.stringify(answer.json) !== answer.text)
      rest.push({ of: `${path}: its text`, expected: "values in their shortest form", found: "another form" });
    return [
      compared(NAMES.forecasts, ofModels, differences.filter(isModel)),
      compared(
        NAMES.answer,
        OF_ANSWER,
        rest,
        "Not made again: the state of the service, which is compared with /health, and the address of the run's page.",
      ),
    ];
  } catch (error) {
    return [compared(NAMES.forecasts, ofModels, [{ of: path, expected: "forecasts", found: (error as Error).message }])];
  }
}

function remake({ manifest, entry, answer, matrix, files, now }: AnswerCheck & { readonly matrix: FeatureMatrix }): unknown {
  const fileOf = (key: string) => files.get(key) as Uint8Array;
  const models = new Map(entry.models.flatMap(({ file }) => (file ? [[file.key, decodeModel(fileOf(file.key))] as const] : [])));
  const report = entry.report && files.get(entry.report.key);
  return expectedAnswer({
    manifest,
    entry,
    inputs: entryInputs(entry, { matrix, models, horizon: manifest.horizon }),
    report: report ? parseReport(report) : null,
    insteadOf: answer.insteadOf,
    now,
    given: answer.given,
  });
}
