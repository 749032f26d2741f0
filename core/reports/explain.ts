import type { FeatureRows } from "../models/feature-rows.ts";
import type { Model } from "../models/model.ts";
import { predictModelOver } from "../models/predict-model.ts";
import { fitSurrogate, followSurrogate, type SurrogateStep } from "../models/surrogate-tree.ts";
import { ensembleOutputs } from "../serving/ensemble.ts";
import type { Interval } from "../vocabulary/interval.ts";
import type { ModelName, Task } from "../vocabulary/model-names.ts";
import { inWords } from "../vocabulary/model-words.ts";
import { wordsFor } from "./feature-words.ts";
import type { Explanation } from "./report.ts";

/** How many recent rows the tree is fitted to, and how many newer ones it is checked on. */
const FITTED_ROWS = 375;
const CHECKED_ROWS = 125;
/** How many of the newest rows an explanation needs. */
export const EXPLAINED_ROWS = FITTED_ROWS + CHECKED_ROWS;
const MIN_FITTED_ROWS = 100;
/** Below this the tree misses half of the variation of the model's predictions, and its reasons would be invented. */
const MIN_FIDELITY = 0.5;

export interface ExplainInput {
  readonly model: ModelName;
  readonly task: Task;
  /** The model itself, or the ensemble's members. */
  readonly members: readonly Model[];
  /** Rows in order of time; the prediction from the last is explained. */
  readonly rows: FeatureRows;
  readonly interval: Interval;
}

/** The explanation where no model is champion. */
export const NOTHING_TO_EXPLAIN: Explanation = {
  model: null,
  sentence: "No model is served, so there are no reasons to give.",
  withheld: "no_champion",
  fidelity: null,
  rows: 0,
  heldOut: 0,
};

/**
 * Puts a model's reasons for its newest prediction in words. A tree of three levels is fitted to the model's outputs for 375
 * recent rows and checked on the 125 rows after them, which include the newest. If the tree doesn't follow the model on
 * those, the reasons are withheld.
 */
export function explain({ model, task, members, rows, interval }: ExplainInput): Explanation {
  const total = rows.columns[0]?.length ?? 0;
  const length = Math.min(total, EXPLAINED_ROWS);
  const outputs = ensembleOutputs(members.map((member) => predictModelOver(member, rows, total - length, total)));
  const recent = rows.columns.map((column) => column.slice(total - outputs.length));
  const fitted = Math.min(FITTED_ROWS, outputs.length - CHECKED_ROWS);
  const facts = { model, rows: Math.max(0, fitted), heldOut: outputs.length - Math.max(0, fitted) };
  if (fitted < MIN_FITTED_ROWS) {
    return {
      ...facts,
      withheld: "too_few_rows",
      fidelity: null,
      sentence: `There are only ${total} candles: too few to put reasons in words.`,
    };
  }
  const tree = fitSurrogate(
    recent.map((column) => column.subarray(0, fitted)),
    outputs.subarray(0, fitted),
  );
  const imitated = outputs.map((_, row) => followSurrogate(tree, recent, row).value);
  const fidelity = explainedShare(outputs.subarray(fitted), imitated.subarray(fitted));
  const newest = followSurrogate(tree, recent, outputs.length - 1);
  if (fidelity === null) {
    const sentence = `${capital(inWords(model))} says much the same of every recent candle, so nothing tells this one apart.`;
    return { ...facts, withheld: "steady_prediction", fidelity, sentence };
  }
  if (fidelity < MIN_FIDELITY) {
    const measured = `a three-step tree explains ${Math.max(0, 100 * fidelity).toFixed(0)} % of its predictions' variation, at least ${100 * MIN_FIDELITY} % is asked`;
    return {
      ...facts,
      withheld: "low_fidelity",
      fidelity,
      sentence: `The reasons of ${inWords(model)} don't fit in a few words: ${measured}.`,
    };
  }
  const neutral = task === "regression" ? 0 : 0.5;
  const rise = outputs[outputs.length - 1] > neutral;
  if (newest.value > neutral !== rise) {
    const sentence = `A three-step tree follows ${inWords(model)} well in general, but says the opposite of the newest candle, so its reasons are not those.`;
    return { ...facts, withheld: "low_fidelity", fidelity, sentence };
  }
  return { ...facts, withheld: null, fidelity, sentence: sentenceOf(model, rise, newest.steps, rows.names, interval) };
}

/** R²; null where the values don't vary. */
function explainedShare(actual: Float64Array, predicted: Float64Array): number | null {
  const center = actual.reduce((sum, value) => sum + value, 0) / actual.length;
  const variation = actual.reduce((sum, value) => sum + (value - center) ** 2, 0);
  const left = actual.reduce((sum, value, i) => sum + (value - predicted[i]) ** 2, 0);
  return variation > 0 ? 1 - left / variation : null;
}

function sentenceOf(
  model: ModelName,
  rise: boolean,
  steps: readonly SurrogateStep[],
  names: readonly string[],
  interval: Interval,
): string {
  const missing = [...new Set(steps.filter((step) => step.missing).map(({ feature }) => wordsFor(names[feature], interval).label))];
  const note = missing.length > 0 ? ` (unknown, taken as the median: ${missing.join(", ")})` : "";
  return `${capital(inWords(model))} predicts a ${rise ? "rise" : "fall"} because ${list(conditions(steps, names, interval))}${note}.`;
}

/** One condition per feature: if a path tests a feature twice, the bounds are joined. */
function conditions(steps: readonly SurrogateStep[], names: readonly string[], interval: Interval): string[] {
  return [...new Set(steps.map(({ feature }) => feature))].map((feature) => {
    const own = steps.filter((step) => step.feature === feature);
    const upper = Math.min(...own.filter(({ below }) => below).map(({ threshold }) => threshold));
    const lower = Math.max(...own.filter(({ below }) => !below).map(({ threshold }) => threshold));
    const { label, show } = wordsFor(names[feature], interval);
    if (!Number.isFinite(lower)) return `${label} is below ${show(upper)}`;
    if (!Number.isFinite(upper)) return `${label} is at least ${show(lower)}`;
    return `${label} is between ${show(lower)} and ${show(upper)}`;
  });
}

function list(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts[parts.length - 1]}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
