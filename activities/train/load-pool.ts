import { layOutPool, type Pool, type PoolMember, poolMember } from "../../core/evaluation/pool.ts";
import { FOLDS } from "../../core/evaluation/training-groups.ts";
import { type FoldPlan, planFolds } from "../../core/evaluation/walk-forward.ts";
import type { FeatureMatrix } from "../../core/features/feature-matrix.ts";
import { EXPLAINED_ROWS } from "../../core/reports/explain.ts";
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
  /** each coin's newest features, including those whose target is not known yet: as many rows as explanations look at */
  readonly matrices: readonly FeatureMatrix[];
}

/** Numbers kept in memory while nobody works with them, all groups together: 128 MB. */
const MOST_KEPT = 16_000_000;
const KEPT_MS = 60_000;

const recent = new RecentlyLoaded<LoadedPool>({
  most: MOST_KEPT,
  forMs: KEPT_MS,
  size: ({ pool, matrices }) =>
    (pool.columns.length + 4) * pool.openTime.length +
    matrices.reduce((sum, { columns, openTime }) => sum + (columns.length + 3) * openTime.length, 0),
});

/**
 * Works with the rows of all coins of a group, and how walk-forward splits them. A group's algorithms are trained at about the
 * same time, and they get the same object.
 */
export function withPool<R>(
  reader: ObjectReader,
  group: TrainingGroup,
  horizon: number,
  work: (loaded: LoadedPool) => Promise<R>,
): Promise<R> {
  return recent.use([reader.url, group.digest, horizon].join(" "), () => readPool(reader, group, horizon), work);
}

/** Reads each feature file twice, so that never more than one is in memory beside the pool. */
async function readPool(reader: ObjectReader, group: TrainingGroup, horizon: number): Promise<LoadedPool> {
  const listed = await readListed(reader, group.members);
  const refs = await Promise.all(listed.map(async ({ snapshot }) => (await readSnapshot(reader, snapshot)).features));
  const members: PoolMember[] = [];
  const matrices: FeatureMatrix[] = [];
  for (const ref of refs) {
    const matrix = decodeFeatures(await getVerified(reader, ref));
    members.push(poolMember(matrix, horizon));
    matrices.push(newestRows(matrix));
  }
  const { pool, fill } = layOutPool(members);
  const folds = planFolds(pool, { folds: FOLDS, embargo: horizon });
  for (const [member, ref] of refs.entries()) fill(member, decodeFeatures(await getVerified(reader, ref)).columns);
  return { pool, folds, matrices };
}

/** Copies, so that the rest can be freed. */
function newestRows(matrix: FeatureMatrix): FeatureMatrix {
  const newest = (column: Float64Array) => column.slice(-EXPLAINED_ROWS);
  const { openTime, close, volatility, columns } = matrix;
  return { ...matrix, openTime: newest(openTime), close: newest(close), volatility: newest(volatility), columns: columns.map(newest) };
}
