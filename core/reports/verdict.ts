import type { ModelEntry } from "../manifests/manifest.ts";
import { isChampion, leadingModel } from "../serving/champion.ts";
import { baselineWords, inWords } from "../vocabulary/model-words.ts";

export interface Verdict {
  /** Which model or baseline predicts the price, and why, in one or two sentences. */
  readonly price: string;
  /** The same for the direction. */
  readonly direction: string;
}

const UNKNOWN = "unknown";

/** Puts in words which of a symbol's models are served, and why. */
export function verdictOf(symbol: string, models: readonly ModelEntry[]): Verdict {
  return { price: priceVerdict(symbol, models), direction: directionVerdict(models) };
}

function priceVerdict(symbol: string, models: readonly ModelEntry[]): string {
  if (!models.some(({ task }) => task === "regression")) return "No skill: there is no model of the price, so the last close is served.";
  const best = leadingModel(models, "regression");
  const name = inWords(best.name);
  if (!isChampion(best))
    return `No skill: no model beats “no change” on ${symbol} for certain, so the last close is served. The best of them, ${name}, ${best.reason}.`;
  const over = best.scope === "pooled" ? " over all coins that it learned from" : "";
  return `Served by the ${name}: its error on ${symbol} is ${percent(best.skill.value)} smaller than that of “${baselineWords(best.skill.baseline)}”, and with 97.5 % confidence the gain${over} is at least ${percent(best.gateLower)}.`;
}

function directionVerdict(models: readonly ModelEntry[]): string {
  if (!models.some(({ task }) => task === "classification")) return "Chance of a rise: there is no model of it, so none is given.";
  const best = leadingModel(models, "classification");
  if (!isChampion(best)) return "Chance of a rise: no skill, so the usual share of rises is served.";
  return `Chance of a rise: served by the ${inWords(best.name)}, ${percent(best.skill.value)} better than always naming the usual share of rises.`;
}

function percent(value: number | null): string {
  return value === null ? UNKNOWN : `${(100 * value).toFixed(2).replace("-", "−")} %`;
}
