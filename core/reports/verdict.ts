import type { ModelEntry } from "../manifests/manifest.ts";
import { baselineWords, modelWords } from "../vocabulary/model-words.ts";
import { leadingModel } from "./build-report.ts";
import type { Explanation, SymbolReport } from "./report.ts";

export interface Verdict {
  /** Who predicts the price, and why, in one or two sentences. */
  readonly price: string;
  /** The same for the direction. */
  readonly direction: string;
}

const UNKNOWN = "unknown";

/** Says of a symbol's models who is served, and why. */
export function verdictOf(symbol: string, models: readonly ModelEntry[]): Verdict {
  return { price: priceVerdict(symbol, models), direction: directionVerdict(models) };
}

/** The reasons of a model that is served; null where there is none, or the report speaks of another one. */
export function servedExplanation(models: readonly ModelEntry[], { explanation, scope }: SymbolReport): Explanation | null {
  const served = models.some((model) => model.role === "champion" && model.name === explanation.model && model.scope === scope);
  return served ? explanation : null;
}

function priceVerdict(symbol: string, models: readonly ModelEntry[]): string {
  if (!models.some(({ task }) => task === "regression")) return "No skill: there is no model of the price, so the last close is served.";
  const best = leadingModel(models, "regression");
  const name = modelWords(best.name);
  if (best.role !== "champion")
    return `No skill: no model beats “no change” on ${symbol} for certain, so the last close is served. The best of them, ${name}, ${best.reason}.`;
  const over = best.scope === "pooled" ? " over all coins that it learned from" : "";
  return `Served by the ${name}: its error on ${symbol} is ${percent(best.skill.value)} smaller than that of “${baselineWords(best.skill.baseline)}”, and with 97.5 % confidence the gain${over} is at least ${percent(best.gateLower)}.`;
}

function directionVerdict(models: readonly ModelEntry[]): string {
  if (!models.some(({ task }) => task === "classification")) return "Chance of a rise: there is no model of it, so none is given.";
  const best = leadingModel(models, "classification");
  if (best.role !== "champion") return "Chance of a rise: no skill, so the usual share of rises is served.";
  return `Chance of a rise: served by the ${modelWords(best.name)}, ${percent(best.skill.value)} better than always naming the usual share of rises.`;
}

function percent(value: number | null): string {
  return value === null ? UNKNOWN : `${(100 * value).toFixed(2).replace("-", "−")} %`;
}
