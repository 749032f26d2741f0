import { BACKFILL_PARALLELISM, type BackfillRequest, type BackfillSurvey, settleStretch } from "../../core/backfill/plan-backfill.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { chooseSources, sourceOf } from "../../sources/source-order.ts";
import { writePlan } from "../../storage/backfill-files/plan-file.ts";
import { surveyCandles } from "../../storage/backfill-files/survey-candles.ts";
import { keepStoredSources } from "../../storage/candle-files/stored-sources.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import { sourceChoice } from "../plan/source-choice.ts";

export interface PlanBackfillInput extends BackfillRequest {
  /** Selectors have been resolved. */
  readonly symbols: readonly string[];
  /** Name of a source, or `auto`. */
  readonly source?: string;
  readonly parallelism?: number;
}

export interface BackfillPlan extends Omit<BackfillSurvey, "windows"> {
  readonly parallelism: number;
  /** Number of windows by symbol, where there are any. */
  readonly windows: Readonly<Record<string, number>>;
  /** The stored list of windows; null where nothing has to be fetched. */
  readonly file: ObjectRef | null;
}

/**
 * Settles what a backfill does, and stores the list of its windows, which can be too long for a history.
 *
 * @throws {InvalidInputError} if the range holds no closed candle, or the source is unknown
 */
export async function planBackfill(
  { store, settings, sources, now }: ActivityDependencies,
  input: PlanBackfillInput,
): Promise<BackfillPlan> {
  const stretch = settleStretch(input, { interval: settings.interval, now: now() });
  const chosen = chooseSources(sources, input.symbols, sourceChoice(settings, input.source));
  const symbols = await keepStoredSources(store, chosen, stretch.interval, sourceOf);
  const { needs, windows } = await surveyCandles(store, input.symbols, stretch);
  const counts: Record<string, number> = {};
  for (const { symbol } of windows) counts[symbol] = (counts[symbol] ?? 0) + 1;
  return {
    interval: stretch.interval,
    asOf: input.asOf,
    range: stretch.range,
    symbols,
    needs,
    parallelism: input.parallelism ?? BACKFILL_PARALLELISM,
    windows: counts,
    file: windows.length > 0 ? await writePlan(store, windows) : null,
  };
}
