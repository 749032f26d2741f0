import type { ModelEntry } from "../manifests/manifest.ts";
import { championsOf } from "../serving/champion.ts";
import type { ServedDirection, ServedPrice } from "../serving/served-answers.ts";
import type { Explanation, SymbolReport } from "./report.ts";

/** The reasons of a model that is served. Null where no model is, or where the report is about another model. */
export function servedExplanation(models: readonly ModelEntry[], { explanation, scope }: SymbolReport): Explanation | null {
  return championsOf(models).some((model) => model.name === explanation.model && model.scope === scope) ? explanation : null;
}

/** The same beside answers: none where the explained model's own answer is withheld. */
export function explanationOfAnswers(
  answers: { readonly prediction: ServedPrice; readonly direction: ServedDirection },
  { explanation, scope }: SymbolReport,
): Explanation | null {
  const explained = [answers.prediction, answers.direction].some(
    (answer) => answer.label === "champion" && answer.servedBy === explanation.model && answer.scope === scope,
  );
  return explained ? explanation : null;
}
