import { forecastId } from "./kept-forecast.ts";
import type { Outcome } from "./outcome.ts";

/** Of each forecast the current scoring: the one with the highest number, or the unscored row. They stay in their order. */
export function currentScorings(outcomes: readonly Outcome[]): Outcome[] {
  const current = new Map<string, Outcome>();
  const idOf = (outcome: Outcome) => `${outcome.interval} ${forecastId(outcome)}`;
  for (const outcome of outcomes) {
    const known = current.get(idOf(outcome));
    if (!known || (outcome.scoring ?? 0) > (known.scoring ?? 0)) current.set(idOf(outcome), outcome);
  }
  return outcomes.filter((outcome) => current.get(idOf(outcome)) === outcome);
}
