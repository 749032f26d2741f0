import { SCOPES, type Scope } from "../vocabulary/model-names.ts";
import { isSimulated } from "../vocabulary/symbol.ts";

/** The name of the group that a symbol is trained in. The seeds of the group's models are derived from it. */
export function groupKey(scope: Scope, symbol: string): string {
  if (scope === "coin") return `coin/${symbol}`;
  return isSimulated(symbol) ? "pooled/simulated" : "pooled/real";
}

/** Why groups could not be trained, by their keys. */
export type FailedTrainings = Readonly<Record<string, string>>;

/** Why a symbol has no models, as a sentence; null where all its groups were trained. */
export function trainingFailure(symbol: string, failed: FailedTrainings): string | null {
  const reason = SCOPES.map((scope) => failed[groupKey(scope, symbol)]).find((text) => text !== undefined);
  return reason === undefined ? null : `${symbol}: ${reason}`;
}
