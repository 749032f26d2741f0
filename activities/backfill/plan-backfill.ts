import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { readPlan, writePlan } from "../../storage/backfill-files/plan-file.ts";
import type { BackfillInput } from "../../workflows/contract.ts";
import type { BackfillPlan, BackfillWindow } from "../../workflows/plan.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import { surveyBackfill } from "./survey-backfill.ts";

const PARALLELISM = 4;

/**
 * Settles what a backfill does, and stores the list of its windows, which can be too long for a history.
 *
 * @throws {InvalidInputError} if the range holds no closed candle
 */
export async function planBackfill(deps: ActivityDependencies, input: BackfillInput & { asOf: string }): Promise<BackfillPlan> {
  const { windows, ...survey } = await surveyBackfill(deps, input);
  const counts: Record<string, number> = {};
  for (const { symbol } of windows) counts[symbol] = (counts[symbol] ?? 0) + 1;
  return {
    ...survey,
    parallelism: input.parallelism ?? PARALLELISM,
    windows: counts,
    file: windows.length > 0 ? await writePlan(deps.store, windows) : null,
  };
}

/** Some of a stored plan's windows. */
export async function readWindows(
  { store }: ActivityDependencies,
  { file, from, count }: { file: ObjectRef; from: number; count: number },
): Promise<{ windows: BackfillWindow[] }> {
  return { windows: (await readPlan<BackfillWindow>(store, file)).slice(from, from + count) };
}
