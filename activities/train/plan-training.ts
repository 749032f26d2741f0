import { type Grouping, groupDigest, groupMembers, trainingDigest } from "../../core/evaluation/training-groups.ts";
import type { ScopeChoice } from "../../core/vocabulary/model-names.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { readLatest } from "../../storage/registry/reader.ts";
import { readSnapshot } from "../../storage/snapshot-files/snapshot-file.ts";
import type { ActivityDependencies } from "../dependencies.ts";

/** A symbol whose models are due, and the stored description of its candles and features. */
export interface TrainingMember {
  readonly symbol: string;
  readonly snapshot: ObjectRef;
}

export interface PlanTrainingInput {
  readonly members: readonly TrainingMember[];
  readonly scope: ScopeChoice;
  readonly horizon: number;
}

/** Symbols whose models are trained together. */
export interface TrainingGroup extends Grouping<TrainingMember> {
  /** Digest of everything that decides the outcome. */
  readonly digest: string;
  /** The newest manifest holds this very training already. */
  readonly reused: boolean;
}

/**
 * Which symbols are trained together, and which of these trainings the newest manifest holds already: those with the same
 * features, settings and code of the models.
 */
export async function planTraining({ store }: ActivityDependencies, input: PlanTrainingInput): Promise<{ groups: TrainingGroup[] }> {
  const members = input.members.map(({ symbol, snapshot }): TrainingMember => ({ symbol, snapshot }));
  const featureDigests = new Map<string, string>();
  for (const { symbol, snapshot } of members) featureDigests.set(symbol, (await readSnapshot(store, snapshot)).features.sha256);
  const groups = groupMembers(members, input.scope).map((group) => ({
    ...group,
    digest: groupDigest(
      group.scope,
      input.horizon,
      group.members.map(({ symbol }) => [symbol, featureDigests.get(symbol) ?? ""]),
    ),
  }));
  const published = (await readLatest(store))?.manifest.symbols ?? {};
  const isDue = (symbol: string) => {
    const own = groups.filter((group) => group.members.some((member) => member.symbol === symbol));
    return published[symbol]?.trainingDigest !== trainingDigest(own.map(({ digest }) => digest));
  };
  const due = new Set(members.map(({ symbol }) => symbol).filter(isDue));
  return { groups: groups.map((group) => ({ ...group, reused: !group.members.some(({ symbol }) => due.has(symbol)) })) };
}
