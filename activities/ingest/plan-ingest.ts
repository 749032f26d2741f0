import { planIngest as planRange } from "../../core/candles/plan-ingest.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";
import type { TimeRange } from "../../core/vocabulary/time-range.ts";
import { readCoverage } from "../../storage/candle-files/candle-store.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import { requireSource } from "./fetch-page.ts";

/** Newest stored candles that are fetched again, because sources revise them. */
const OVERLAP = 3;

/** What is missing of a symbol's candles at `asOf`, with a small overlap; null when nothing can be. */
export async function planIngest(
  { store, sources }: ActivityDependencies,
  { symbol, interval, asOf, source }: { symbol: string; interval: Interval; asOf: string; source: string },
): Promise<TimeRange | null> {
  const { newestOnly } = requireSource(sources, source);
  return planRange({
    stored: await readCoverage(store, symbol, interval),
    interval,
    asOf: Date.parse(asOf),
    overlap: OVERLAP,
    source,
    newestOnly: (name) => (name === source ? newestOnly : (sources[name]?.newestOnly ?? null)),
  });
}
