import { noteOutcomes } from "../../core/backfill/ledger.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";
import type { TimeRange } from "../../core/vocabulary/time-range.ts";
import { updateLedger } from "../../storage/backfill-files/ledger-file.ts";
import type { ActivityDependencies } from "../dependencies.ts";

/** How the fetch of a window ended; `error` is null where it went well. */
export interface WindowRecord {
  readonly symbol: string;
  readonly range: TimeRange;
  readonly error: string | null;
}

export interface RecordWindowsInput {
  readonly interval: Interval;
  /** ISO 8601: none of the windows was asked for before. */
  readonly askedAt: string;
  readonly records: readonly WindowRecord[];
}

/** Records which stretches were asked for and which failed, so that a later backfill fetches only the rest. */
export async function recordWindows({ store }: ActivityDependencies, { interval, askedAt, records }: RecordWindowsInput): Promise<void> {
  const at = Date.parse(askedAt);
  for (const symbol of new Set(records.map((record) => record.symbol))) {
    const outcomes = records.filter((record) => record.symbol === symbol).map(({ range, error }) => ({ range, at, error }));
    await updateLedger(store, symbol, interval, (ledger) => noteOutcomes(ledger, outcomes));
  }
}
