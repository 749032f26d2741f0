import type { BackfillWindow } from "../../core/backfill/plan-backfill.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { readPlan } from "../../storage/backfill-files/plan-file.ts";
import type { ActivityDependencies } from "../dependencies.ts";

export interface ReadWindowsInput {
  readonly file: ObjectRef;
  /** Place of the first window, from 0. */
  readonly from: number;
  readonly count: number;
}

/** Some of a stored plan's windows. */
export async function readWindows(
  { store }: ActivityDependencies,
  { file, from, count }: ReadWindowsInput,
): Promise<{ windows: BackfillWindow[] }> {
  return { windows: (await readPlan<BackfillWindow>(store, file)).slice(from, from + count) };
}
