import { JUDGEMENT_VERSION } from "../../core/evaluation/skill/gate.ts";
import { candleFeatureSet } from "../../core/features/feature-set.ts";
import { MODEL_SCHEMA } from "../../core/models/file/model-file.ts";
import { TRAINING_DIGEST_PARTS } from "../../core/models/hyperparameters.ts";
import type { Scope } from "../../core/vocabulary/model-names.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { sha256Hex } from "../../storage/object-store/immutable.ts";
import { readLatest } from "../../storage/registry/reader.ts";
import { readSnapshot } from "../../storage/snapshot-files/snapshot-file.ts";
import type { TrainingGroup } from "../../workflows/plan.ts";
import type { ActivityDependencies } from "../dependencies.ts";

export interface PlanTrainingInput {
  readonly members: readonly { readonly symbol: string; readonly simulated: boolean; readonly snapshot: ObjectRef }[];
  readonly scope: Scope | "both";
  readonly horizon: number;
}

/** Test periods of the walk-forward evaluation. */
export const FOLDS = 5;

/**
 * Which symbols are trained together, and which of these trainings the newest manifest holds already: those whose
 * features, settings and code of the models are the same.
 */
export async function planTraining({ store }: ActivityDependencies, input: PlanTrainingInput): Promise<{ groups: TrainingGroup[] }> {
  const featureDigests = new Map<string, string>();
  for (const { symbol, snapshot } of input.members) featureDigests.set(symbol, (await readSnapshot(store, snapshot)).features.sha256);
  const groups = groupMembers(input).map(({ key, scope, members }) => ({
    key,
    scope,
    members,
    digest: groupDigest(
      scope,
      input.horizon,
      members.map(({ symbol }) => [symbol, featureDigests.get(symbol) ?? ""]),
    ),
  }));
  const published = (await readLatest(store))?.manifest.symbols ?? {};
  const due = new Set(
    input.members.map(({ symbol }) => symbol).filter((symbol) => published[symbol]?.trainingDigest !== trainingDigest(symbol, groups)),
  );
  return { groups: groups.map((group) => ({ ...group, reused: !group.members.some(({ symbol }) => due.has(symbol)) })) };
}

/** Digest of all trainings that a symbol took part in. */
export function trainingDigest(symbol: string, groups: readonly { digest: string; members: readonly { symbol: string }[] }[]): string {
  const own = groups.filter(({ members }) => members.some((member) => member.symbol === symbol)).map(({ digest }) => digest);
  return sha256Hex(new TextEncoder().encode(own.sort().join("\n")));
}

/** Name of the group that a symbol is trained in; the models' seeds come from it. */
export function groupKey(scope: Scope, { symbol, simulated }: { readonly symbol: string; readonly simulated: boolean }): string {
  return scope === "coin" ? `coin/${symbol}` : simulated ? "pooled/simulated" : "pooled/real";
}

/** Simulated coins never share a pool with real ones. */
function groupMembers({ members, scope }: PlanTrainingInput): Pick<TrainingGroup, "key" | "scope" | "members">[] {
  const sorted = [...members].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
  const slim = (list: typeof sorted) => list.map(({ symbol, snapshot }) => ({ symbol, snapshot }));
  const group = (scope: Scope, list: typeof sorted) => ({ key: groupKey(scope, list[0]), scope, members: slim(list) });
  const pools = [sorted.filter(({ simulated }) => !simulated), sorted.filter(({ simulated }) => simulated)];
  const pooled = pools.filter((list) => list.length > 0).map((list) => group("pooled", list));
  const coins = sorted.map((member) => group("coin", [member]));
  return [...(scope === "coin" ? [] : pooled), ...(scope === "pooled" ? [] : coins)];
}

function groupDigest(scope: Scope, horizon: number, features: readonly (readonly string[])[]): string {
  const models = { schema: MODEL_SCHEMA, ...TRAINING_DIGEST_PARTS };
  const featureSet = candleFeatureSet.digest;
  const parts = { scope, horizon, folds: FOLDS, featureSet, models, judgement: JUDGEMENT_VERSION, features };
  return sha256Hex(new TextEncoder().encode(JSON.stringify(parts)));
}
