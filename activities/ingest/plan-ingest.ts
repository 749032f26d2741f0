import { comparisonRange, planIngest as planRange } from "../../core/candles/plan-ingest.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";
import type { TimeRange } from "../../core/vocabulary/time-range.ts";
import { requireSource, sourceOf } from "../../sources/source-order.ts";
import { readCoverage } from "../../storage/candle-files/candle-store.ts";
import type { ActivityDependencies } from "../dependencies.ts";

/** Newest stored candles that are fetched again, because sources revise them. */
const OVERLAP = 3;

export interface PlanIngestInput {
  readonly symbol: string;
  readonly interval: Interval;
  /** ISO 8601 */
  readonly asOf: string;
  readonly source: string;
}

/** What to fetch, and whose candles it goes on from. */
export interface IngestPlan extends TimeRange {
  /** Source of the newest stored candle; null where nothing is stored. */
  readonly storedSource: string | null;
  /** What to ask for before the rest, to see that it is the same coin; null where the range itself shows it. */
  readonly compareFirst: TimeRange | null;
}

/**
 * The range of a symbol's candles that is missing at `asOf`, with a small overlap; null when nothing can be missing.
 *
 * @throws {SourceDownError} while the source is known not to be reached, so that nobody waits in its queue for that
 */
export async function planIngest(
  { store, sources }: ActivityDependencies,
  { symbol, interval, asOf, source }: PlanIngestInput,
): Promise<IngestPlan | null> {
  const { newestOnly, assertUp } = requireSource(sources, source);
  await assertUp?.();
  const stored = await readCoverage(store, symbol, interval);
  const range = planRange({
    stored,
    interval,
    asOf: Date.parse(asOf),
    overlap: OVERLAP,
    source,
    newestOnly: (name) => (name === source ? newestOnly : (sources[name]?.newestOnly ?? null)),
  });
  return (
    range && {
      ...range,
      storedSource: stored && sourceOf(stored.lastSource),
      compareFirst: comparisonRange(range, { stored, interval, source }),
    }
  );
}
