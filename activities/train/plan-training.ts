import { type Grouping, groupDigest, groupMembers, trainingDigest } from "../../core/evaluation/training-groups.ts";
import { atOnce } from "../../core/vocabulary/at-once.ts";
import { isStored, type Listed, type StoredList } from "../../core/vocabulary/listed.ts";
import type { ScopeChoice } from "../../core/vocabulary/model-names.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { listed, readListed } from "../../storage/list-files/list-file.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import { readLatest } from "../../storage/registry/reader.ts";
import { readSnapshot } from "../../storage/snapshot-files/snapshot-file.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import type { KeptOutcome } from "../kept-outcome.ts";

/** Snapshots that are read at the same time. */
const READ_AT_ONCE = 16;

/** A symbol whose models are due, and the stored description of its candles and features. */
export interface TrainingMember {
  readonly symbol: string;
  readonly snapshot: ObjectRef;
}

export interface PlanTrainingInput {
  /** Or the stored outcomes of all symbols: those with a snapshot are the members. */
  readonly members: readonly TrainingMember[] | StoredList;
  readonly scope: ScopeChoice;
  readonly horizon: number;
}

/** Symbols whose models are trained together. */
export interface TrainingGroup extends Omit<Grouping<TrainingMember>, "members"> {
  /** in the order of their symbols */
  readonly members: Listed<TrainingMember>;
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
  const members = await readMembers(store, input.members);
  const digests = await atOnce(members, READ_AT_ONCE, async ({ snapshot }) => (await readSnapshot(store, snapshot)).features.sha256);
  const featureDigests = new Map(members.map(({ symbol }, i) => [symbol, digests[i]]));
  const groups = groupMembers(members, input.scope).map((group) => ({
    ...group,
    digest: groupDigest(
      group.scope,
      input.horizon,
      group.members.map(({ symbol }) => [symbol, featureDigests.get(symbol) ?? ""]),
    ),
  }));
  const ownDigests = new Map<string, string[]>();
  for (const group of groups)
    for (const { symbol } of group.members) ownDigests.set(symbol, [...(ownDigests.get(symbol) ?? []), group.digest]);
  const published = (await readLatest(store))?.manifest.symbols ?? {};
  const isDue = ({ symbol }: TrainingMember) => published[symbol]?.trainingDigest !== trainingDigest(ownDigests.get(symbol) ?? []);
  return {
    groups: await Promise.all(
      groups.map(async (group) => ({ ...group, members: await listed(store, group.members), reused: !group.members.some(isDue) })),
    ),
  };
}

async function readMembers(reader: ObjectReader, members: PlanTrainingInput["members"]): Promise<TrainingMember[]> {
  if (!isStored(members)) return members.map(({ symbol, snapshot }) => ({ symbol, snapshot }));
  const outcomes = await readListed<KeptOutcome>(reader, members);
  return outcomes.flatMap(({ result: { symbol }, snapshot }) => (snapshot ? [{ symbol, snapshot }] : []));
}
