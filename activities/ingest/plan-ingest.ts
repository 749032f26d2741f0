import { wasAsked } from "../../core/backfill/ledger.ts";
import { hasEnded } from "../../core/candles/gaps.ts";
import { type Coverage, comparisonRange, planIngest as planRange } from "../../core/candles/plan-ingest.ts";
import { type Interval, intervalMs, lastClosedOpenTime } from "../../core/vocabulary/interval.ts";
import type { TimeRange } from "../../core/vocabulary/time-range.ts";
import { requireSource, sourceOf } from "../../sources/source-order.ts";
import { readLedger } from "../../storage/backfill-files/ledger-file.ts";
import { readCoverage } from "../../storage/candle-files/candle-store.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import type { ActivityDependencies } from "../dependencies.ts";

/** A series that has ended is asked for once a day. */
const ENDED_REST_MS = 86_400_000;

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
 * The range of a symbol's candles that is missing at `asOf`, with a small overlap; null when nothing can be missing, or when the series has
 * ended and was asked for within the last day.
 *
 * @throws {SourceDownError} while the source is known not to be reached, so that nobody waits in its queue for that
 */
export async function planIngest(
  { store, sources, now }: ActivityDependencies,
  { symbol, interval, asOf, source }: PlanIngestInput,
): Promise<IngestPlan | null> {
  const { newestOnly, assertUp } = requireSource(sources, source);
  await assertUp?.();
  const stored = await readCoverage(store, symbol, interval);
  if (stored && (await wasOver(store, { symbol, interval, stored, asOf: Date.parse(asOf), since: now() - ENDED_REST_MS }))) return null;
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

/** Whether a series has ended, and a source was asked for what is behind since a time (ms UTC). */
async function wasOver(
  store: ObjectReader,
  { symbol, interval, stored, asOf, since }: { symbol: string; interval: Interval; stored: Coverage; asOf: number; since: number },
): Promise<boolean> {
  const step = intervalMs(interval);
  const behind = { from: stored.lastOpenTime + step, to: lastClosedOpenTime(interval, asOf) + step };
  if (!hasEnded((behind.to - behind.from) / step, interval)) return false;
  // The newest candle of the last day may be later than the last question.
  const asked = { from: behind.from, to: Math.max(behind.from + step, behind.to - Math.ceil(ENDED_REST_MS / step) * step) };
  return wasAsked(await readLedger(store, symbol, interval), asked, since);
}
