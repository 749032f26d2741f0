import { createHash } from "node:crypto";
import { candleFeatureSet } from "../features/feature-set.ts";
import { MODEL_SCHEMA } from "../models/file/model-file.ts";
import { TRAINING_DIGEST_PARTS } from "../models/hyperparameters.ts";
import type { Scope, ScopeChoice } from "../vocabulary/model-names.ts";
import { isSimulated } from "../vocabulary/symbol.ts";
import { groupKey } from "./group-key.ts";
import { JUDGEMENT_VERSION } from "./skill/gate.ts";

/** Test periods of the walk-forward evaluation. */
export const FOLDS = 5;

/** Symbols whose models are trained together. */
export interface Grouping<Member> {
  /** `pooled/real`, `pooled/simulated`, `coin/BTC` … */
  readonly key: string;
  readonly scope: Scope;
  /** in the order of their symbols */
  readonly members: readonly Member[];
}

/** Puts symbols into training groups. Simulated coins never share a pool with real ones. */
export function groupMembers<Member extends { readonly symbol: string }>(
  members: readonly Member[],
  scope: ScopeChoice,
): Grouping<Member>[] {
  const sorted = [...members].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
  const group = (scope: Scope, list: readonly Member[]) => ({ key: groupKey(scope, list[0].symbol), scope, members: list });
  const pools = [sorted.filter(({ symbol }) => !isSimulated(symbol)), sorted.filter(({ symbol }) => isSimulated(symbol))];
  const pooled = pools.filter((list) => list.length > 0).map((list) => group("pooled", list));
  const coins = sorted.map((member) => group("coin", [member]));
  return [...(scope === "coin" ? [] : pooled), ...(scope === "pooled" ? [] : coins)];
}

/**
 * Digest of everything that decides the outcome of a group's training.
 *
 * @param horizon candles ahead
 * @param features symbol and sha256 of its feature file, for each member in order
 */
export function groupDigest(scope: Scope, horizon: number, features: readonly (readonly [symbol: string, sha256: string])[]): string {
  const models = { schema: MODEL_SCHEMA, ...TRAINING_DIGEST_PARTS };
  const featureSet = candleFeatureSet.digest;
  return sha256(JSON.stringify({ scope, horizon, folds: FOLDS, featureSet, models, judgement: JUDGEMENT_VERSION, features }));
}

/** Digest of all trainings that a symbol took part in, given the digests of its groups. */
export function trainingDigest(groupDigests: readonly string[]): string {
  return sha256([...groupDigests].sort().join("\n"));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
