import { assemblePool, type Pool } from "../../core/evaluation/pool.ts";
import { FOLDS } from "../../core/evaluation/training-groups.ts";
import { type FoldPlan, planFolds } from "../../core/evaluation/walk-forward.ts";
import type { FeatureMatrix } from "../../core/features/feature-matrix.ts";
import { decodeFeatures } from "../../storage/feature-files/feature-files.ts";
import { readListed } from "../../storage/list-files/list-file.ts";
import { getVerified } from "../../storage/object-store/immutable.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import { readSnapshot } from "../../storage/snapshot-files/snapshot-file.ts";
import type { TrainingGroup } from "./plan-training.ts";
import { RecentlyLoaded } from "./recently-loaded.ts";

export interface LoadedPool {
  readonly pool: Pool;
  readonly folds: FoldPlan[];
  /** each coin's features, including the newest rows, whose target is not known yet */
  readonly matrices: readonly FeatureMatrix[];
}

/** Numbers kept in memory, all groups together: 128 MB. */
const MOST_KEPT = 16_000_000;
const KEPT_MS = 60_000;

const recent = new RecentlyLoaded<LoadedPool>({
  most: MOST_KEPT,
  forMs: KEPT_MS,
  // the rows of the pool, and about as many of the matrices
  size: ({ pool }) => 2 * (pool.columns.length + 4) * pool.openTime.length,
});

/**
 * The rows of all coins of a group, and how walk-forward splits them. A group's algorithms are trained at about the same
 * time, and they get the same object.
 */
export function loadPool(reader: ObjectReader, group: TrainingGroup, horizon: number): Promise<LoadedPool> {
  return recent.get([reader.url, group.digest, horizon].join(" "), () => readPool(reader, group, horizon));
}

async function readPool(reader: ObjectReader, group: TrainingGroup, horizon: number): Promise<LoadedPool> {
  const matrices: FeatureMatrix[] = [];
  for (const member of await readListed(reader, group.members)) {
    const { features } = await readSnapshot(reader, member.snapshot);
    matrices.push(decodeFeatures(await getVerified(reader, features)));
  }
  const pool = assemblePool(matrices, { horizon });
  return { pool, folds: planFolds(pool, { folds: FOLDS, embargo: horizon }), matrices };
}
